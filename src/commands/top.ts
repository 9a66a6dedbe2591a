import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** Formats that are written look by look; the others want one whole. */
export const STREAMS: readonly string[] = ['human', 'ndjson']

/** The flags of `top`. */
export const TOP_FLAGS = {
  interval: flag.duration('-i, --interval <duration>', 'time between two looks', { otherwise: '1s', leastMs: 100 }),
  once: flag.toggle('--once', 'print one look and end'),
  count: flag.integer('--count <n>', 'where lines are printed: end after this many', { min: 1, max: 1_000_000_000 }),
  record: flag.text('--record <file>', 'also write every look to this file, which must not exist yet; .gz compresses it'),
  replay: flag.text('--replay <file>', 'show a recording instead of a machine'),
  speed: flag.positive('--speed <factor>', 'with --replay: this much faster than it was', { otherwise: '1' }),
  filter: flag.text('--filter <expression>', 'show these processes only: cpu>30 or user:root'),
  sort: flag.choice('--sort <column>', 'what comes first in the table', ['cpu', 'memory', 'io', 'pid', 'time', 'user', 'name'], { otherwise: 'cpu' }),
  tree: flag.toggle('--tree', 'processes below the ones that started them'),
  hide: flag.choices('--hide <panes>', 'leave these panes out, separated by commas', ['cpu', 'memory', 'disk', 'network', 'processes']),
  ascii: flag.toggle('--ascii', 'draw with ASCII characters only'),
  mouse: flag.toggle('--mouse', 'let the wheel and clicks choose processes; the terminal then no longer selects text'),
} as const satisfies flag.Flags

/** `top`: the live picture of this machine, of instances or of a recording. */
export const top = defineCommand({
  name: 'top',
  about: 'watch this machine, instances or a recording live: figures, ten minutes of history, processes',
  exit: 'plain',
  isResident: ({ once }, format) => once !== true && STREAMS.includes(format),
  asksInstance: true,
  hasSamples: true,
  flags: TOP_FLAGS,
  examples: [
    { line: 'top', about: 'this machine' },
    { line: "top --filter 'cpu>30 or user:postgres' --tree", about: 'what matters of it' },
    { line: 'top --url http://nas:4000 --url http://web:4000', about: 'two instances, Tab goes from one to the other' },
    { line: 'top --record night.ndjson.gz --interval 5s > /dev/null', about: 'a recording, without a screen' },
    { line: 'top --replay night.ndjson.gz --speed 10', about: 'and the same night again' },
    { line: 'top --once --format json', about: 'one look for a program' },
  ],
  async *run(context) {
    const { runTop } = await import('./top-run.ts')
    yield* runTop(context)
  },
})
