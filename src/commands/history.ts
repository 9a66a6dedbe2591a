import { GRANULARITIES, PERIODS } from '../contract/question-words.ts'
import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** The flags of `history`. */
export const HISTORY_FLAGS = {
  period: flag.choice('--period <period>', 'how far back to look', PERIODS, { otherwise: '24h' }),
  metric: flag.text('--metric <name>', 'which figure: response_time, cpu, memory or cache_hit_rate, by any name of the catalogue', { otherwise: 'response_time' }),
  granularity: flag.choice('--granularity <step>', 'time from one value to the next', GRANULARITIES, { otherwise: '5m' }),
} as const satisfies flag.Flags

/** `history`: one figure of an instance over a period, drawn and summed up. */
export const history = defineCommand({
  name: 'history',
  about: 'draw how a figure of an instance went over a period, and sum it up',
  exit: 'plain',
  asksInstance: true,
  flags: HISTORY_FLAGS,
  examples: [
    { line: 'history --url http://nas:9464', about: 'response times of the last day' },
    { line: 'history --url http://nas:9464 --metric cpu --period 7d --granularity 1h --format json', about: 'a week of processor use, in the documented shape' },
  ],
  async *run(context) {
    const { runHistory } = await import('./history-run.ts')
    yield await runHistory(context)
  },
})
