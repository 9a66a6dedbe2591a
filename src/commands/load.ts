import { UserError } from '../model/error.ts'
import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** The flags of `load`. */
export const LOAD_FLAGS = {
  target: flag.text('--target <url>', 'where requests go, instead of the scenario\'s target; `demo` starts the demo', { variable: 'MEDIANEST_PERF_TARGET' }),
  environment: flag.text('-e, --environment <name>', 'the environment of the scenario to use'),
  overrides: flag.text('--overrides <json|file>', 'merged over the scenario: maps merge, lists replace'),
  variables: flag.text('--variables <json|file>', 'merged over the scenario\'s variables'),
  payload: flag.text('--payload <file>', 'the CSV to use instead of the scenario\'s own'),
  scenarioConfig: flag.text('--scenario-config <file>', 'a file whose `config` is merged under the scenario\'s'),
  connections: flag.integer('-c, --connections <n>', 'with an address instead of a scenario: this many users', { min: 1, max: 100_000 }, { otherwise: '10' }),
  duration: flag.duration('-d, --duration <duration>', 'with an address instead of a scenario: for how long', { otherwise: '10s' }),
  scale: flag.positive('--scale <factor>', 'shorten (or stretch) times, rates and users in proportion: 0.01 tries an hour\'s plan in half a minute'),
  engine: flag.choice('--engine <name>', 'what sends the requests', ['wire', 'autocannon'], { otherwise: 'wire; autocannon for scenarios in its vocabulary' }),
  atCap: flag.choice('--at-cap <what>', 'what arrivals do while the cap of users is reached', ['wait', 'drop'], { otherwise: 'wait, with their due time kept' }),
  allowDropped: flag.toggle('--allow-dropped', 'dropped arrivals do not fail the run'),
  insecure: flag.toggle('--insecure', 'do not verify TLS certificates'),
  seed: flag.integer('--seed <n>', 'the seed of everything random in the scenario', { min: 0, max: 0xffff_ffff }, { otherwise: 'a new one, told in the result' }),
  dryRun: flag.toggle('--dry-run', 'show the plan and its load curve, send nothing'),
  remote: flag.toggle('--remote', 'have the instance that --url names run the test, and follow it; --target must be one it allows'),
  save: flag.text('--save <file>', 'keep the result as JSON, to compare with later'),
  child: flag.toggle('--child', 'the test is the first line of standard input; end with the process that started it', { hidden: true }),
} as const satisfies flag.Flags

/** `load`: the load test, from a scenario or an address to an exit code. */
export const load = defineCommand({
  name: 'load',
  about: 'run a load test from a scenario file or against an address, and judge it',
  argument: { name: 'scenario|url', about: 'a YAML or JSON scenario (Artillery, k6 options, the API\'s body, autocannon\'s words), or an http(s) address', required: true },
  exit: 'plain',
  asksInstance: true,
  hasFigures: true,
  isCiStep: true,
  flags: LOAD_FLAGS,
  examples: [
    { line: 'load scenarios/quickstart.yaml', about: 'a scenario against the demo it starts itself' },
    { line: 'load http://127.0.0.1:4000/ -c 50 -d 30s', about: 'fifty users for half a minute' },
    { line: 'load test.yaml --target http://127.0.0.1:4000 --output junit=load.xml --save run.json', about: 'in CI: the verdict is the exit code' },
    { line: 'load peak.json --remote --url http://nas:9464 --target http://127.0.0.1:4000', about: 'an instance runs it, against a server beside it' },
    { line: 'load scenarios/endurance.yaml --scale 0.001 --dry-run', about: 'what a scenario would do' },
  ],
  async *run(context) {
    if (context.flags.remote) {
      const { runRemoteLoad } = await import('./load-remote.ts')
      yield* runRemoteLoad(context)
      return
    }
    if (context.global.namesInstance) throw needsRemote()
    const { runLoad } = await import('./load-run.ts')
    yield* runLoad(context)
  },
})

function needsRemote(): UserError {
  return new UserError({ code: 'NOT_REMOTE', kind: 'usage', message: 'load sends its requests from here, so an instance and its token mean nothing to it', hint: 'have the instance send them with --remote; where load sends its requests is told with --target' })
}
