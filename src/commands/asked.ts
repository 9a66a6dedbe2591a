import type { Flag } from './flag.ts'
import { GLOBAL_FLAGS } from './global.ts'

/** What a command line asks for as far as one can see. */
export interface Asked {
  readonly command: string | undefined
  readonly format: string | undefined
  readonly config: string | undefined
}

const LONG: ReadonlyMap<string, Flag<unknown>> = new Map(Object.values<Flag<unknown>>(GLOBAL_FLAGS).map((flag) => [flag.notation.split(' ')[0] ?? '', flag]))

/** Reads by hand what matters for saying that the command line could not be read: the command, the format and the configuration's file. */
export function readAsked(argv: readonly string[]): Asked {
  const values = new Map<string, string>()
  let command: string | undefined
  for (let at = 0; at < argv.length; at++) {
    // What follows belongs to another program.
    if (argv[at] === '--') break
    const [, name = '', value] = /^(--[\w-]+)(?:=(.*))?$/s.exec(argv[at] ?? '') ?? []
    if (LONG.get(name)?.read !== undefined) {
      const given = value ?? argv[++at]
      if (given !== undefined) values.set(name, given)
    } else if (!argv[at]?.startsWith('-')) command ??= argv[at]
  }
  return { command, format: values.get('--format'), config: values.get('--config') }
}
