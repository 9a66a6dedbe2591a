import { UserError } from '../model/error.ts'
import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** The flags of `health`. */
export const HEALTH_FLAGS = {
  check: flag.texts('--check <what>', 'check this instead of what the configuration lists, such as https://host/, postgres://user@host/db, redis://host, disk:/data, dns:host, tls:host, process:nginx or memory; may be repeated'),
  components: flag.texts('--components <list>', 'only these components or checks, by name, separated by commas, with what they depend on', { otherwise: 'all' }),
  detailed: flag.toggle('--detailed', 'say all that each check found out'),
  state: flag.text('--state <file>', 'remember states here: since when, what changed, flapping, uptime over a day, a week and a month'),
  changes: flag.toggle('--changes', 'with --state: say something only when a state has changed'),
  lock: flag.perhaps('--lock [file]', 'never run beside another run with the same lock', { otherwise: 'a file beside the state, or one for this configuration' }),
  ping: flag.text('--ping <url>', 'tell a dead man\'s switch of the start, and of success or failure', { variable: 'MEDIANEST_PING_URL' }),
  jitter: flag.duration('--jitter <duration>', 'wait a random time up to this before the checks, so that many machines do not ask at once'),
  watch: flag.toggle('--watch', 'go on until Ctrl-C; on a terminal each run takes the place of the one before'),
  interval: flag.duration('--interval <duration>', 'with --watch: time from one run to the next', { otherwise: '30s', leastMs: 1_000 }),
} as const satisfies flag.Flags

/** `health`: checks with an answer that cron, Nagios and people can trust. */
export const health = defineCommand({
  name: 'health',
  about: 'check this machine and its services, or ask an instance for its health; Nagios\' exit codes',
  exit: 'health',
  isResident: ({ watch }) => watch !== undefined,
  drawsInPlace: ({ watch }) => watch !== undefined,
  asksInstance: true,
  hasSamples: true,
  hasChecks: true,
  pipedFormat: 'nagios',
  flags: HEALTH_FLAGS,
  examples: [
    { line: 'health', about: 'this machine: file systems, memory, load, pressure, swap, clock, files, network' },
    { line: 'health --check https://media.example.org/ --check postgres://app@127.0.0.1/medianest --check redis://127.0.0.1', about: 'services, without a configuration' },
    { line: 'health --quiet --state /var/lib/medianest/health.json --lock --jitter 10s', about: 'for cron: says something only where there is trouble or a change' },
    { line: 'health --output prometheus=/var/lib/node_exporter/health.prom', about: 'for node_exporter\'s textfile collector' },
    { line: 'health --url http://nas:4000 --detailed', about: 'what an instance says of itself' },
  ],
  async *run(context) {
    const { flags, stdout } = context
    if (flags.watch && ['prometheus', 'openmetrics'].includes(stdout.format)) throw new UserError({ code: 'USAGE', kind: 'usage', message: `--format ${stdout.format} is one exposition, and another cannot follow it`, hint: `write a file that is replaced each time: --output ${stdout.format}=FILE` })
    const { runHealth } = await import('./health-run.ts')
    yield* runHealth(context)
  },
})
