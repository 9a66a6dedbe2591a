import { UserError } from '../model/error.ts'
import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** The flags of `metrics`. */
export const METRICS_FLAGS = {
  watch: flag.toggle('--watch', 'go on until Ctrl-C, a result for each look'),
  interval: flag.duration('--interval <duration>', 'time between two looks; rates and shares need two of them, so the first result takes as long', { otherwise: '1s', leastMs: 100 }),
  count: flag.integer('--count <n>', 'go on for this many results, then end', { min: 1, max: 1_000_000_000 }),
  metrics: flag.choices('--metrics <list>', 'only these, separated by commas', ['cpu', 'memory', 'disk', 'network'], { otherwise: 'all' }),
  processes: flag.integer('--processes <n>', 'list this many of the busiest processes; 0 does not look at them', { min: 0, max: 100_000 }, { otherwise: '5' }),
  application: flag.toggle('--application', 'the figures of the application\'s API, database, cache and job queues instead: of the sources under `collect` in the configuration, or of an instance'),
  component: flag.choices('--component <list>', 'with --application: only these, separated by commas', ['api', 'database', 'cache', 'jobs'], { otherwise: 'all' }),
  timeRange: flag.choice('--time-range <duration>', 'with --application: the time that the instance sums up', ['5m', '15m', '1h', '6h', '24h', '7d'], { otherwise: 'the instance\'s own' }),
  aggregation: flag.choice('--aggregation <name>', 'with --application: how the instance sums up', ['avg', 'min', 'max', 'p95', 'p99'], { otherwise: 'the instance\'s own' }),
} as const satisfies flag.Flags

/** Formats of which there is one document to a stream. */
const EXPOSITIONS = ['prometheus', 'openmetrics']

/** `metrics`: what a machine, or an instance, says of itself now. */
export const metrics = defineCommand({
  name: 'metrics',
  about: 'measure this machine, or ask an instance: processors, memory, disks, network, processes',
  exit: 'plain',
  isResident: ({ watch, count }) => watch !== undefined || count !== undefined,
  asksInstance: true,
  hasSamples: true,
  flags: METRICS_FLAGS,
  examples: [
    { line: 'metrics', about: 'one look at this machine' },
    { line: 'metrics --watch --interval 5s --format ndjson --processes 0', about: 'a line of JSON every five seconds' },
    { line: 'metrics --watch --interval 15s --quiet --output prometheus=/var/lib/node_exporter/medianest.prom', about: 'for node_exporter\'s textfile collector' },
    { line: 'metrics --application --component cache,jobs', about: 'what the sources of the configuration tell of the application' },
    { line: 'metrics --metrics cpu,memory --format openmetrics', about: 'some of it, for anything that reads OpenMetrics' },
  ],
  async *run(context) {
    const { flags: { watch, count }, stdout } = context
    if ((watch || count !== undefined) && EXPOSITIONS.includes(stdout.format)) throw new UserError({ code: 'USAGE', kind: 'usage', message: `--format ${stdout.format} is one exposition, and another cannot follow it`, hint: `write a file that is replaced for each look: --output ${stdout.format}=FILE` })
    const [{ runMetrics }, { openSources }] = await Promise.all([import('./metrics-run.ts'), import('./feed-sources.ts')])
    yield* runMetrics(context, () => openSources(context))
  },
})
