import { UserError } from '../model/error.ts'
import { misplaced } from './compare-live-errors.ts'
import * as flag from './flag.ts'
import { LOAD_FLAGS } from './load.ts'

const address = (notation: string, about: string): flag.Flag<string> => ({ notation, about, read: readAddress })

/** What `compare` takes where both sides are running builds. */
export const LIVE_FLAGS = {
  baseUrl: address('--base-url <url>', 'instead of files: measure two running builds in turns, the baseline here'),
  headUrl: address('--head-url <url>', 'where the current side answers'),
  baseCmd: flag.text('--base-cmd <command>', 'start the baseline with this line of the shell, at the port in $PORT (and in place of {port}); it is ended afterwards'),
  headCmd: flag.text('--head-cmd <command>', 'the same for the current side'),
  ready: flag.text('--ready <path>', 'builds that were started must answer here with success before they are measured', { otherwise: 'any answer at their address' }),
  readyTimeout: flag.duration('--ready-timeout <duration>', 'how long a build may take to answer', { leastMs: 100, otherwise: '30s' }),
  slice: flag.duration('--slice <duration>', 'how long a side is measured before it is the other\'s turn', { leastMs: 100, otherwise: '2s' }),
  connections: flag.integer('-c, --connections <n>', 'with a path instead of a scenario: this many users', { min: 1, max: 100_000 }, { otherwise: '5' }),
  environment: LOAD_FLAGS.environment,
  overrides: LOAD_FLAGS.overrides,
  variables: LOAD_FLAGS.variables,
  payload: LOAD_FLAGS.payload,
  insecure: LOAD_FLAGS.insecure,
  seed: LOAD_FLAGS.seed,
} as const satisfies flag.Flags

/** The flags that only mean something to running builds. */
export type LiveFlags = flag.FlagValues<typeof LIVE_FLAGS>

/** Whether two running builds are asked for. */
export function namesBuilds({ baseUrl, headUrl, baseCmd, headCmd }: LiveFlags): boolean {
  return [baseUrl, headUrl, baseCmd, headCmd].some((value) => value !== undefined)
}

/** Ends a comparison of files that was given flags of running builds. Throws UserError. */
export function refuseLiveFlags(flags: LiveFlags): void {
  const given = Object.entries(LIVE_FLAGS).find(([name]) => flags[name as keyof LiveFlags] !== undefined) // its own keys
  if (given) throw misplaced(given[1].notation.replace(/^-\w, /, '').split(' ')[0] ?? '', 'running builds (--base-url, --base-cmd)', 'files')
}

function readAddress(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') throw invalid(`"${text.replace(/\/\/[^/@]*@/, '//…@')}" is not an http or https address`, 'write it like http://127.0.0.1:4001')
  // Whoever reads the result would read the password too.
  if (url.username !== '' || url.password !== '') throw invalid(`${url.protocol}//…@${url.host} has a user name and password`, 'put them into the "auth" of the scenario\'s requests')
  return text.trim().replace(/#.*$/, '')
}

function invalid(message: string, hint: string): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'usage', message, hint })
}
