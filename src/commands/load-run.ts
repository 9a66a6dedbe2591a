import { judge } from '../analysis/judge.ts'
import { UserError } from '../model/error.ts'
import type { Plan } from '../model/plan.ts'
import type { Report } from '../model/report.ts'
import type { Run } from '../model/run.ts'
import { VERSION } from '../version.ts'
import type { Context } from './command.ts'
import type { LOAD_FLAGS } from './load.ts'
import { interimReport, loadReport, planReport } from './load-report.ts'
import { readLoadPlan } from './load-plan.ts'
import { startDemos } from './load-targets.ts'

type LoadContext = Context<typeof LOAD_FLAGS>

/** How long the engine runs against itself before the run, milliseconds. */
const WARM_UP_MS = 700

/** Runs a load test and yields what it found: a window at a time, then the whole. */
export async function* runLoad(context: LoadContext): AsyncGenerator<Report> {
  const { host, flags } = context
  const written = await readLoadPlan(context)
  const { planHash } = await import('../load/read/hash.ts')
  if (flags.dryRun) {
    yield planReport(written, planHash(written), host.wallTime())
    return
  }
  if (flags.save !== undefined) await host.files.expectWritable(flags.save)
  const demos = await startDemos(written, host)
  try {
    yield* runPlan(context, demos.plan, planHash(written))
  } finally {
    await demos.stop()
  }
}

async function* runPlan(context: LoadContext, plan: Plan, hash: string): AsyncGenerator<Report> {
  const { host, flags, config } = context
  const [{ MachineWatch }, { readEnvironment }, { Recorder }, { createRandom }, { resultOf }, { recommendationsOf }, view] = await Promise.all([
    import('../sources/machine.ts'), import('../sources/environment.ts'), import('../load/recorder.ts'), import('../load/flow/random.ts'),
    import('../load/result.ts'), import('../load/recommend.ts'), context.openProgress(),
  ])
  const environment = readEnvironment(host, `medianest-perf ${VERSION}`)
  const notes = new Set<string>(plan.notes)
  const seed = flags.seed ?? host.seed()
  const testId = `loadtest-${crypto.randomUUID()}`
  const engineName = engineOf(plan, flags.engine ?? config.load.engine)
  const machine = new MachineWatch(host)
  let startedAt = 0
  const recorder = new Recorder(plan, () => startedAt, (text) => notes.add(text))
  const interim = new Channel<Report>()
  const begun = host.wallTime()
  const world = {
    now: () => host.now(),
    clockAheadMs: host.clockAheadMs,
    cpuMs: () => host.usage().cpuMs,
    look: () => machine.look(),
    onProgress: view.show.bind(view),
    onWindow: (window: Parameters<typeof interimReport>[1]) => interim.push(interimReport(plan, window, recorder, begun, host.wallTime())),
    onStart: (at: number) => {
      startedAt = at
    },
    note: (text: string) => void notes.add(text),
    drain: host.interrupts.drain,
    stop: host.interrupts.stop,
  }

  const running = (async () => {
    if (engineName === 'autocannon') return (await import('../load/autocannon-engine.ts')).runAutocannon(plan, recorder, world)
    const [{ prepareUsers }, { loadCookieJars }, { createWireClient }, { runWire }, { warmUp }, tls] = await Promise.all([
      import('../load/users.ts'), import('../load/flow/cookie.ts'), import('../load/wire/client.ts'), import('../load/wire-engine.ts'), import('../load/warm-up.ts'), readTls(context, plan),
    ])
    const users = prepareUsers(plan, {
      now: () => host.now(),
      random: createRandom(seed),
      scope: { random: createRandom(`${seed} templates`), date: () => host.wallTime().getTime(), env: host.env, testId, environment: flags.environment ?? '', target: plan.target },
      createJar: await loadCookieJars(() => host.now()),
    })
    const { settings } = plan
    const client = (): ReturnType<typeof createWireClient> =>
      createWireClient({ now: () => host.now(), tls, maxConnections: settings.maxConnections, keepAlive: settings.keepAlive, maxHeaderBytes: settings.maxHeaderBytes, maxBodyBytes: settings.maxBodyBytes })
    view.show(starting(plan))
    await warmUp(client(), WARM_UP_MS, (sink, enough) => users.rehearse(sink, () => enough() || host.interrupts.drain.aborted), () => host.now())
    return runWire(users, recorder, client(), world)
  })()
  running.then(() => interim.close(), () => interim.close())
  yield* interim
  const record = await running

  const completedAt = host.wallTime()
  const thresholds = plan.thresholds.map((rule) => judge(rule, recorder.seriesOf(rule)?.statistic(rule.threshold.statistic, record.elapsedMs) ?? Number.NaN))
  for (const [name, count] of recorder.missing) notes.add(`"${name}" had no value ${count === 1 ? 'once' : `${count} times`}: see what should have captured or defined it`)
  if (settingsAreInsecure(plan)) notes.add('TLS certificates were NOT verified (--insecure)')
  const closedWithoutAWord = recorder.responses === 0 && recorder.errors.has('reset') && plan.target.startsWith('http:')
  const wantsTls = closedWithoutAWord && (await (await import('../load/tls-probe.ts')).speaksTls(plan.target))
  const run = resultOf(record, {
    plan, planHash: hash, target: plan.target, testId, seed, engine: engineName, startedAt: begun, completedAt,
    environment: await environment, machine: machine.summary(), thresholds, recommendations: recommendationsOf(record), notes: [...notes],
  })
  if (flags.save !== undefined) await save(context, flags.save, run)
  yield loadReport(run, {
    plan, thresholds, responses: recorder.responses, windows: recorder.timeline.windows,
    allowDropped: flags.allowDropped ?? config.load.allowDropped ?? false,
    interrupted: record.interrupted ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined,
    wantsTls,
    saved: flags.save,
    startedAt: begun, finishedAt: completedAt,
  })
}

function settingsAreInsecure(plan: Plan): boolean {
  return plan.settings.tls.insecure && /^https:/.test(plan.target)
}

/** autocannon runs what is written in its words; the wire engine runs everything else. */
function engineOf(plan: Plan, asked: 'wire' | 'autocannon' | undefined): Run['engine'] {
  return asked ?? (plan.settings.connections ? 'autocannon' : 'wire')
}

function starting(plan: Plan): Parameters<Awaited<ReturnType<Context['openProgress']>>['show']>[0] {
  return {
    name: plan.name, target: plan.target, state: 'warming up', elapsedMs: 0, totalMs: null, phase: null, askedRate: null, startedRate: null, askedUsers: null, reachedRate: 0, users: 0,
    requests: 0, failed: 0, late: 0, dropped: 0, waiting: 0, now: null, soFar: null, errors: [], history: [], crossed: [], generatorCpu: 0,
  }
}

async function readTls({ host }: LoadContext, { settings: { tls } }: Plan): Promise<{ insecure: boolean; serverName?: string | undefined; ca?: string | undefined; cert?: string | undefined; key?: string | undefined }> {
  const read = (path: string | undefined): Promise<string> | undefined =>
    path === undefined ? undefined : host.files.read(path).catch((error: unknown) => {
      throw new UserError({ code: 'FILE_MISSING', kind: 'input', message: `the TLS file ${path} cannot be read (${error instanceof Error ? error.message : String(error)})`, hint: 'check its path in the scenario' })
    })
  const [ca, cert, key] = await Promise.all([read(tls.caFile), read(tls.certFile), read(tls.keyFile)])
  return { insecure: tls.insecure, serverName: tls.serverName, ca, cert, key }
}

async function save({ host }: LoadContext, path: string, run: Run): Promise<void> {
  const file = await host.files.create(path)
  try {
    await file.write(`${JSON.stringify(run, null, 2)}\n`)
    await file.commit()
  } finally {
    await file.abandon()
  }
}

/** Values pushed from callbacks, read with `for await`. */
class Channel<T> {
  readonly #values: T[] = []
  #wake: () => void = () => undefined
  #closed = false

  push(value: T): void {
    this.#values.push(value)
    this.#wake()
  }

  close(): void {
    this.#closed = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      for (let value = this.#values.shift(); value !== undefined; value = this.#values.shift()) yield value
      if (this.#closed) return
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    }
  }
}
