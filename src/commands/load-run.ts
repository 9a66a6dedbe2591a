import { judge } from '../analysis/judge.ts'
import { reportOfRun } from '../analysis/load/report-of-run.ts'
import type { Plan } from '../model/plan.ts'
import type { LoadProgress } from '../model/progress.ts'
import type { Report } from '../model/report.ts'
import type { Run } from '../model/run.ts'
import { VERSION } from '../version.ts'
import { Channel } from './channel.ts'
import type { Context } from './command.ts'
import type { LOAD_FLAGS } from './load.ts'
import type { TakenOrder } from './load-order.ts'
import { readLoadPlan } from './load-plan.ts'
import { interimReport } from './load-interim.ts'
import { startDemos } from './load-targets.ts'

type LoadContext = Context<typeof LOAD_FLAGS>

/** Runs a load test and yields what it found: a window at a time, then the whole. */
export async function* runLoad(context: LoadContext): AsyncGenerator<Report> {
  const { host, flags } = context
  const order = flags.child ? await (await import('./load-order.ts')).takeOrder(host) : undefined
  const written = order?.plan ?? (await readLoadPlan(context))
  const { planHash } = await import('../load/read/hash.ts')
  const hash = planHash(written)
  if (flags.dryRun) {
    yield (await import('./load-plan-report.ts')).planReport(written, hash, host.wallTime())
    return
  }
  if (flags.save !== undefined) await host.files.expectWritable(flags.save)
  const demos = await startDemos(written, host)
  try {
    yield* runPlan(context, demos.plan, hash, order)
  } finally {
    await demos.stop()
  }
}

async function* runPlan(context: LoadContext, plan: Plan, planHash: string, order: TakenOrder | undefined): AsyncGenerator<Report> {
  const { host, flags, config } = context
  const [{ MachineWatch }, { readEnvironment }, { Recorder }, { resultOf }, { recommendationsOf }, { sendByWire }, view] = await Promise.all([
    import('../sources/machine.ts'), import('../sources/environment.ts'), import('../load/recorder.ts'), import('../load/result.ts'), import('../load/recommend.ts'), import('./load-traffic.ts'), context.openProgress(),
  ])
  const startedAt = host.wallTime()
  const environment = readEnvironment(host, `medianest-perf ${VERSION}`)
  const machine = new MachineWatch(host)
  const notes = new Set<string>(plan.notes)
  const note = (text: string): void => void notes.add(text)
  let zero = 0
  const recorder = new Recorder(plan, () => zero, note)
  const windows = new Channel<Report>()
  const seed = flags.seed ?? host.seed()
  const testId = order?.testId ?? `loadtest-${crypto.randomUUID()}`
  const ending = (signal: AbortSignal): AbortSignal => (order ? AbortSignal.any([signal, order.orphaned]) : signal)
  const drain = ending(host.interrupts.drain)
  const engine = order ? 'wire' : flags.engine ?? config.load.engine ?? engineOf(plan)

  view.show(beforeTheRun(plan))
  const world = {
    now: () => host.now(),
    clockAheadMs: host.clockAheadMs,
    cpuMs: () => host.usage().cpuMs,
    look: () => machine.look(),
    onStart: (at: number) => {
      zero = at
    },
    onProgress: (progress: LoadProgress) => view.show(progress),
    onWindow: (window: Parameters<typeof interimReport>[1]) => windows.push(interimReport(plan, window, recorder, startedAt, host.wallTime())),
    note,
    drain,
    stop: ending(host.interrupts.stop),
  }
  const running = engine === 'autocannon'
    ? import('../load/autocannon-engine.ts').then(({ runAutocannon }) => runAutocannon(plan, recorder, world))
    : sendByWire({ plan, seed, testId, environment: flags.environment ?? '', recorder, world, host, isConfined: order !== undefined })
  running.then(() => windows.close(), () => windows.close())
  yield* windows
  const record = await running

  const completedAt = host.wallTime()
  const thresholds = plan.thresholds.map((rule) => judge(rule, recorder.seriesOf(rule)?.statistic(rule.threshold.statistic, record.elapsedMs) ?? Number.NaN))
  for (const [name, count] of recorder.missing) note(`"${name}" had no value ${count === 1 ? 'once' : `${count} times`}: see what should have captured or defined it`)
  if (plan.settings.tls.insecure && plan.target.startsWith('https:')) note('TLS certificates were NOT verified')
  const run = resultOf(record, {
    plan, planHash, target: plan.target, testId, seed, engine, startedAt, completedAt,
    environment: await environment, machine: machine.summary(), thresholds, recommendations: recommendationsOf(record), notes: [...notes],
  })
  if (flags.save !== undefined) await host.files.write(flags.save, `${JSON.stringify(run, null, 2)}\n`)
  yield reportOfRun(run, {
    thresholds,
    allowDropped: flags.allowDropped ?? config.load.allowDropped ?? false,
    wantsTls: recorder.responses === 0 && recorder.errors.has('reset') && (await wantsTls(plan.target)),
    interrupted: record.interrupted ? (drain.reason as 'SIGINT' | 'SIGTERM') : undefined,
    saved: flags.save,
  })
}

/** autocannon runs what is written in its words; the wire engine runs everything else. */
function engineOf(plan: Plan): Run['engine'] {
  return plan.settings.connections ? 'autocannon' : 'wire'
}

function beforeTheRun({ name, target }: Plan): LoadProgress {
  return {
    name, target, state: 'warming up', elapsedMs: 0, totalMs: null, phase: null, askedRate: null, startedRate: null, askedUsers: null, reachedRate: 0, users: 0,
    requests: 0, failed: 0, late: 0, dropped: 0, waiting: 0, now: null, soFar: null, errors: [], history: [], crossed: [], generatorCpu: 0,
  }
}

async function wantsTls(target: string): Promise<boolean> {
  return target.startsWith('http:') && (await import('../load/tls-probe.ts')).speaksTls(target)
}
