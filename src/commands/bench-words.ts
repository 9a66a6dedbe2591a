import { readCommand } from '../health/words.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import type { TimedCommand } from '../sources/timed/timed-command.ts'
import type { BENCH_FLAGS } from './bench.ts'
import type { Context } from './command.ts'

/** The programs that a benchmark runs. */
export interface BenchCommands {
  readonly head: TimedCommand
  readonly base: TimedCommand | null
  readonly prepare: TimedCommand | null
  /** Does nothing, by the same way. */
  readonly idle: TimedCommand
}

type Words = Pick<Context<typeof BENCH_FLAGS>, 'arguments' | 'flags'> & { readonly host: { readonly argv: readonly string[] } }

/** The programs that a command line asks for. Throws UserError `USAGE`. */
export function commandsOf({ host, arguments: words, flags }: Words): BenchCommands {
  if (!host.argv.includes('--')) throw usage('the command to time stands after --, so that its flags are its own', `medianest-perf bench -- ${plain(words.join(' '), 200)}`)
  const { shell = false, base, prepare, name, baseName } = flags
  const fromText = (flag: string, text: string, called?: string): TimedCommand => (shell ? ofShell(text, called) : ofWords(wordsOf(flag, text), called))
  if (shell && words.length > 1) throw usage('with --shell the command is one text', "put it in quotes: medianest-perf bench --shell -- 'grep x log | wc -l'")
  return {
    head: shell ? ofShell(words[0] ?? '', name) : ofWords(words, name),
    base: base === undefined ? null : fromText('--base', base, baseName),
    prepare: prepare === undefined ? null : fromText('--prepare', prepare),
    idle: shell ? { ...ofShell(':'), name: "sh -c ':'" } : ofWords(['true']),
  }
}

function ofWords([program = '', ...words]: readonly string[], called?: string): TimedCommand {
  if (program === '') throw usage('the command to time is empty', 'begin with the name of a program')
  return { name: called ?? [program, ...words].map(quoted).join(' '), program, words }
}

function ofShell(line: string, called?: string): TimedCommand {
  if (line.trim() === '') throw usage('the command to time is empty', 'give what sh is to read')
  return { name: called ?? line, program: 'sh', words: ['-c', line] }
}

/** As it would be typed. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

function wordsOf(flag: string, text: string): readonly string[] {
  try {
    return readCommand(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw usage(`${flag} cannot be read: ${error.message.replace(/^.*? cannot be read: /, '')}`, error.hint?.includes('call a shell') ? 'put it in quotes to pass it on, or let a shell read it with --shell' : error.hint)
  }
}

function usage(message: string, hint: string | undefined): UserError {
  return new UserError({ code: 'USAGE', kind: 'usage', message, hint })
}
