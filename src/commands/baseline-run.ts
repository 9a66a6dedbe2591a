import { UserError } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import type { Report } from '../model/report.ts'
import { plain } from '../model/text.ts'
import type { BASELINE_FLAGS } from './baseline.ts'
import type { Context } from './command.ts'

/** What the words of `baseline` work with: what stands after the word, and the rest of the context. */
export type BaselineContext = Pick<Context<typeof BASELINE_FLAGS>, 'host' | 'config' | 'arguments' | 'flags'>

interface Verb {
  readonly takes: readonly (keyof typeof BASELINE_FLAGS)[]
  /** Most arguments after the word. */
  readonly most: number
  readonly run: (context: BaselineContext) => Promise<Report>
}

const VERBS: Readonly<Record<string, Verb>> = {
  save: { takes: ['branch', 'name', 'dir', 'keep', 'frozen', 'force'], most: Number.POSITIVE_INFINITY, run: async (context) => (await import('./baseline-save.ts')).saveBaseline(context) },
  list: { takes: ['branch', 'dir'], most: 0, run: async (context) => (await import('./baseline-list.ts')).listBaselines(context) },
  show: { takes: ['branch', 'name', 'dir', 'gate'], most: 1, run: async (context) => (await import('./baseline-show.ts')).showBaseline(context) },
  promote: { takes: ['branch', 'name', 'dir'], most: 1, run: async (context) => (await import('./baseline-promote.ts')).promoteBaseline(context) },
  prune: { takes: ['branch', 'name', 'dir', 'keep', 'frozen', 'olderThan', 'yes'], most: 0, run: async (context) => (await import('./baseline-prune.ts')).pruneBaselines(context) },
}

/** Does what the first word says. Throws UserError `USAGE` for a word, a flag or an argument that means nothing there. */
export async function* runBaseline(context: BaselineContext): AsyncGenerator<Report> {
  const [word = '', ...rest] = context.arguments
  const verb = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined
  if (!verb) {
    const near = nearest(word, Object.keys(VERBS))
    throw usage(`"${plain(word, 80)}" is nothing that can be done with baselines: ${Object.keys(VERBS).join(', ')}`, near === undefined ? 'medianest-perf help baseline tells what each does' : `did you mean "${near}"?`)
  }
  const given = Object.entries(context.flags).filter(([, value]) => value !== undefined).map(([name]) => name)
  const strange = given.find((name) => !verb.takes.some((taken) => taken === name))
  if (strange !== undefined) throw usage(`--${strange.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} means nothing to baseline ${word}`, 'medianest-perf help baseline tells which word takes what')
  if (rest.length > verb.most) throw usage(`baseline ${word} takes ${verb.most === 0 ? 'no argument' : 'one argument'}, and "${plain(rest[verb.most] ?? '', 80)}" is one more`, word === 'promote' ? 'files become the yardstick with: baseline save --frozen FILE...' : 'medianest-perf help baseline tells what each word takes')
  yield await verb.run({ ...context, arguments: rest })
}

/** A mistake in the command line. */
export function usage(message: string, hint: string): UserError {
  return new UserError({ code: 'USAGE', kind: 'usage', message, hint })
}
