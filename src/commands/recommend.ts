import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** The flags of `recommend`. */
export const RECOMMEND_FLAGS = {
  for: flag.duration('--for <duration>', 'this machine: how long to look before recommending', { otherwise: '5s', leastMs: 100 }),
  interval: flag.duration('--interval <duration>', 'this machine: time between two looks', { otherwise: '1s, or a fifth of a shorter time', leastMs: 100 }),
} as const satisfies flag.Flags

/** `recommend`: what could be better, the most urgent first; only what is critical is a warning. */
export const recommend = defineCommand({
  name: 'recommend',
  about: 'say what could be better on this machine or an instance, with what to do about it and goals; what is critical is a warning, all else is advice',
  exit: 'plain',
  asksInstance: true,
  flags: RECOMMEND_FLAGS,
  examples: [
    { line: 'recommend', about: 'look at this machine for five seconds, then advise' },
    { line: 'recommend --url http://nas:9464 --format json', about: 'what an instance recommends, in the documented shape' },
  ],
  async *run(context) {
    const { runRecommend } = await import('./recommend-run.ts')
    yield await runRecommend(context)
  },
})
