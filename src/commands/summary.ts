import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** The flags of `summary`. */
export const SUMMARY_FLAGS = {
  for: flag.duration('--for <duration>', 'how long to look before summing up', { otherwise: '5s', leastMs: 100 }),
  interval: flag.duration('--interval <duration>', 'time between two looks', { otherwise: '1s, or a fifth of a shorter time', leastMs: 100 }),
} as const satisfies flag.Flags

/** `summary`: how a system is, in one word, one figure and a few sentences of advice. */
export const summary = defineCommand({
  name: 'summary',
  about: 'sum up how this machine, or an instance, is doing: status, score, what to do',
  exit: 'plain',
  asksInstance: true,
  hasSamples: true,
  flags: SUMMARY_FLAGS,
  examples: [
    { line: 'summary', about: 'look for five seconds, then sum up' },
    { line: 'summary --for 1m --format json', about: 'a whole minute, as JSON in the documented shape' },
  ],
  async *run(context) {
    const { askSummary } = await import('./summary-asked.ts')
    const told = await askSummary(context)
    if (told !== null) {
      yield told
      return
    }
    const [{ runSummary }, { openSources }] = await Promise.all([import('./summary-run.ts'), import('./feed-sources.ts')])
    yield* runSummary(context, await openSources(context))
  },
})
