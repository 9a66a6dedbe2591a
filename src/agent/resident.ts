import { issuesOf } from '../analysis/advice.ts'
import { mergeCollected } from '../analysis/merge-collected.ts'
import { Recent } from '../analysis/recent/recent.ts'
import { RecentLooks } from '../analysis/recent/recent-looks.ts'
import { ApiError } from '../contract/error-code.ts'
import type { EndpointName } from '../contract/endpoints.ts'
import { seesAll, type Answer, type Asker, type Question } from '../contract/instance.ts'
import type { Resident } from '../contract/resident.ts'
import type { MetricName } from '../model/metric.ts'
import { valueOf, type Samples, type Snapshot, type SystemFacts } from '../model/snapshot.ts'
import type { Collected, Source } from '../model/source.ts'
import type { Traffic } from '../model/traffic.ts'
import type { Lane } from '../sources/local-feed.ts'
import { SHARED_MS, type Agent } from './agent.ts'
import { AlertWatch } from './alert-watch.ts'
import { expectState, readAlertState, writeAlertState, type StateFiles } from './alert-state.ts'
import { handlersOf, loadTestsOf } from './answers/handlers.ts'
import { mayKnow } from './answers/open-alerts.ts'
import { Batcher, type Sink } from './batcher.ts'
import { isFresh, type CollectedSource } from './collected-source.ts'
import { Collector, foldIn } from './collector.ts'
import { expositionOf, type ShownFamilies } from './exposition/exposition.ts'
import { openOwnRegistry } from './exposition/own-registry.ts'
import type { HealthChecks } from './health-checks.ts'
import { Insights } from './insights.ts'
import { liveEvents } from './live.ts'
import type { LoadTests } from './load-tests/load-tests.ts'
import { logFrom, type Log } from './log.ts'
import { openLookMemory } from './look-memory.ts'
import { openMachine, SYSTEM } from './machine.ts'
import { recentSink } from './recent-sink.ts'
import type { CollectSettings } from './settings.ts'
import type { UserMetrics } from './user-metrics.ts'

/** What an instance needs of the outside. */
export interface ResidentWorld {
  /** Monotonic milliseconds. */
  now(): number
  wallTime(): Date
  /** Processor time and resident memory of this process. */
  usage(): { readonly cpuMs: number; readonly rssBytes: number }
  readonly files: StateFiles
  readonly log: Log
}

/** What an instance is made of. */
export interface ResidentOptions {
  readonly world: ResidentWorld
  readonly settings: CollectSettings
  /** How this machine is looked at; closed with the instance. */
  readonly lane: Lane
  /** What is known of the machine before it was looked at. */
  readonly facts: SystemFacts
  /** Sources of the application, in the order of the configuration; closed with the instance. */
  readonly sources: readonly Source[]
  /** Ids of sources that are shown and never asked. */
  readonly disabled?: ReadonlySet<string>
  /** Where batches go besides the recent past. */
  readonly sinks?: readonly Sink[]
  readonly health: HealthChecks | null
  readonly loadTests: LoadTests | null
  readonly userMetrics: UserMetrics | null
  /** The file that what is set over the API is kept in; null where a restart forgets it. */
  readonly statePath: string | null
  /** Whether command lines of processes may be told. */
  readonly commandLines: boolean
  readonly version: string
}

/** Shares of processors between the two looks that a list of processes needs are of this time, milliseconds. */
const SECOND_SCAN_MS = 250
/** What could be better is looked for at most this often, milliseconds. */
const INSIGHTS_MS = 15_000

/** Why not may name files of this machine: it is in `reason`, for who sees all. */
const UNSEEN = 'this machine could not be looked at'

/** This machine as an instance: collects from now on until it is closed, and answers every question of the contract. Throws UserError for a state file that cannot be used. */
export async function openResident(options: ResidentOptions): Promise<Resident> {
  const { world, settings, lane, facts, statePath } = options
  const log = logFrom(settings.logLevel, world.log)
  let alertSettings = await readAlertState(statePath, world.files)
  await expectState(statePath, world.files)
  const own = await openOwnRegistry({ usage: () => world.usage(), startedAt: world.wallTime().getTime() })
  const machine = openMachine({ lane, intervalMs: settings.intervalMs, now: () => world.now(), usage: () => world.usage(), facts })
  const recent = new Recent()
  const looks = new RecentLooks()
  const alerts = new AlertWatch(alertSettings)
  const insights = new Insights()
  const bySource = new Map<string, number>()
  let insightsAt = Number.NEGATIVE_INFINITY
  let isClosed = false

  const batcher = new Batcher({ size: settings.batchSize, flushMs: settings.flushMs, sinks: [recentSink(recent), ...(options.sinks ?? [])], fold: () => (settings.isCompressed ? foldIn(collector.zone, settings.compressionRatio) : 0), log })
  const collector: Collector = new Collector({
    now: () => world.now(), wallTime: () => world.wallTime(), sources: [machine, ...options.sources], disabled: disabledOf(options),
    isEnabled: settings.isEnabled, isAdaptive: settings.isAdaptive, limits: settings.limits, log,
    onCollected: (source, _, state) => take(source, state),
  })
  const system = collector.states[0] as CollectedSource // the machine is the first of its sources

  /** What one collection brought goes into the batch; a look at the machine is also judged. */
  const take = (source: Source, state: CollectedSource): void => {
    if (!state.last) return
    own.noteProcessing((state.lastDurationMs ?? 0) / 1_000)
    const before = batcher.taken
    batcher.add(source, state.last.wallMs, believed(state, state.last.collected.samples))
    bySource.set(source.id, (bySource.get(source.id) ?? 0) + batcher.taken - before)
    if (state !== system) return
    const snapshot = picture()
    collector.observe({ cpu: valueOf(snapshot, 'cpu.usage'), memory: valueOf(snapshot, 'memory.usage'), redisMemory: valueOf(snapshot, 'cache.memory') })
    looks.add(snapshot)
    alerts.observe(snapshot)
    if (world.now() - insightsAt >= INSIGHTS_MS) judge(snapshot.at)
  }

  /** Of what a source tells, what no weightier one tells: a mean over time is of one source, as the figure of now is. */
  const believed = (state: CollectedSource, samples: Samples): Samples => {
    const weightier = fresh(collector.states.slice(0, collector.states.indexOf(state)))
    const isNew = (metric: MetricName, tag: string): boolean => weightier.every((other) => !other.samples.get(metric)?.has(tag))
    return new Map([...samples].map(([metric, series]) => [metric, new Map([...series].filter(([tag]) => isNew(metric, tag)))]))
  }

  const judge = (at: number): void => {
    const stretch = looks.stretch()
    insightsAt = world.now()
    if (stretch) insights.observe(issuesOf(stretch), at)
  }

  const fresh = (states = collector.states): Collected[] => states.filter((state) => isFresh(state, collector.ruling, world.now())).flatMap(({ last }) => last?.collected ?? [])
  let drawn: { readonly of: readonly Collected[]; readonly snapshot: Snapshot } | null = null
  const picture = (): Snapshot => {
    const parts = fresh()
    // The same parts are the same picture, and what was made of it holds.
    if (system.last !== null && drawn?.of.length === parts.length && drawn.of.every((each, index) => each === parts[index])) return drawn.snapshot
    drawn = { of: parts, snapshot: { ...mergeCollected(parts), at: system.last?.wallMs ?? world.wallTime().getTime(), elapsedMs: system.last?.elapsedMs ?? Number.NaN, processes: null, alerts: [] } }
    return drawn.snapshot
  }
  let peopled: { readonly of: Snapshot; readonly snapshot: Snapshot } | null = null
  const withTable = (snapshot: Snapshot): Snapshot => {
    const processes = machine.table()
    if (peopled?.of !== snapshot || peopled.snapshot.processes !== processes) peopled = { of: snapshot, snapshot: { ...snapshot, processes } }
    return peopled.snapshot
  }

  /** Counts only grow, so they stay with whoever told them first: another source has counted from another moment on, and would seem to have begun anew. */
  let counting: CollectedSource | undefined
  const traffic = (): Traffic => {
    counting ??= firstToCount(collector.states)
    return counting && isFresh(counting, collector.ruling, world.now()) ? (counting.last?.collected.traffic ?? []) : []
  }

  const look = async (maxAgeMs: number): Promise<void> => {
    const isRecent = (): boolean => system.last !== null && world.now() - system.last.at <= maxAgeMs
    const isResting = system.openUntil !== null && system.openUntil > world.now()
    if (!isRecent() && !isResting) await collector.collect(SYSTEM)
    if (isFresh(system, collector.ruling, world.now())) return
    throw isClosed
      ? new ApiError('RESOURCE_EXHAUSTED', 'this instance is closing')
      : new ApiError(isResting ? 'CIRCUIT_BREAKER_OPEN' : 'RESOURCE_EXHAUSTED', system.problem === null ? 'this machine was not looked at yet' : UNSEEN, { details: { retryAfter: isResting ? Math.ceil(((system.openUntil ?? 0) - world.now()) / 1_000) : 5, ...(system.problem === null ? {} : { reason: system.problem }) } })
  }

  let scanning: Promise<void> | null = null
  const scan = async (): Promise<void> => {
    const isFirst = machine.table() === null
    await scanOnce()
    if (!isFirst) return
    await new Promise((done) => setTimeout(done, SECOND_SCAN_MS))
    await scanOnce()
  }
  const scanOnce = async (): Promise<void> => {
    // A look that is under way may have begun without them.
    for (let tries = 0, before = machine.table(); tries < 2 && machine.table() === before; tries++) {
      machine.wantProcesses()
      await collector.collect(SYSTEM)
    }
  }

  const agent: Agent = {
    now: () => world.now(), wallTime: () => world.wallTime(), settings, collector, recent, alerts, insights,
    health: options.health, loadTests: options.loadTests, userMetrics: options.userMetrics, commandLines: options.commandLines,
    taken: () => batcher.taken,
    current: async (maxAgeMs) => {
      await look(maxAgeMs)
      return picture()
    },
    withProcesses: async () => {
      const age = world.wallTime().getTime() - (machine.table()?.at ?? Number.NEGATIVE_INFINITY)
      if (!(age >= 0 && age <= SHARED_MS)) await (scanning ??= scan().finally(() => (scanning = null)))
      await look(SHARED_MS)
      return withTable(picture())
    },
    stretch: async () => {
      await look(settings.intervalMs + SHARED_MS)
      const stretch = looks.stretch()
      if (!stretch) throw new ApiError('RESOURCE_EXHAUSTED', 'this machine was not looked at yet', { details: { retryAfter: 5 } })
      if (world.now() - insightsAt >= settings.intervalMs) judge(stretch.last.at)
      return stretch
    },
    facts: () => machine.facts(),
    traffic,
    alertSettings: () => alertSettings,
    setAlerts: async (changed) => {
      await writeAlertState(statePath, changed, world.files, log)
      alertSettings = changed
      alerts.change(changed, world.wallTime().getTime())
    },
  }
  const handlers = handlersOf(agent)
  const families = openLookMemory<ShownFamilies>()
  collector.start()

  return {
    get name() {
      return machine.facts().host
    },
    ask: async <E extends EndpointName>(endpoint: E, question: Question<E>, asker: Asker): Promise<Answer<E>> => {
      if (isClosed) throw new ApiError('RESOURCE_EXHAUSTED', 'this instance is closing')
      // The table has for each name the handler of that name; the compiler cannot follow that.
      const handler = handlers[endpoint] as (question: Question<E>, asker: Asker) => Promise<Answer<E>> | Answer<E>
      return Promise.resolve(handler(question, asker)).catch((error: unknown) => {
        throw seesAll(asker.caller) ? error : withoutReason(error)
      })
    },
    live: liveEvents(agent),
    onAlert: (listener, caller) => alerts.onAlert((event) => {
      if (event.type !== 'alert' || mayKnow(caller, event.metric ?? '')) listener(event)
    }),
    followLoadTest: (testId, signal) => loadTestsOf(agent).follow(testId, signal),
    loadTestDocument: async (testId, format, detailed) => loadTestsOf(agent).document(testId, format, detailed),
    exposition: (format) => expositionOf(agent, { format, version: options.version, batches: { lastSize: batcher.lastSize, lost: batcher.lost, bySource }, own, memory: families }),
    readiness: () => {
      if (isClosed) return { isReady: false, reason: 'it is closing' }
      if (system.last === null) return { isReady: false, reason: system.problem === null ? 'this machine was not looked at yet' : UNSEEN }
      return isFresh(system, collector.ruling, world.now()) || !settings.isEnabled ? { isReady: true, reason: null } : { isReady: false, reason: 'this machine was not looked at for long' }
    },
    noteAnswer: (answered) => own.noteAnswer(answered),
    noteStreams: (open) => own.noteStreams(open),
    close: async () => {
      if (isClosed) return
      isClosed = true
      await options.loadTests?.close()
      await collector.close()
      await batcher.close()
    },
  }
}

function withoutReason(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.details['reason'] === undefined) return error
  const { reason: _, ...details } = error.details
  return new ApiError(error.code, error.message, { statusCode: error.statusCode, details })
}

/** The weightiest source that counts requests; undefined as long as a weightier one has not been asked yet and may. */
function firstToCount(states: readonly CollectedSource[]): CollectedSource | undefined {
  const first = states.find(({ last, collections, failures, isDisabled, source }) => last?.collected.traffic !== undefined || (source.kind === 'api' && !isDisabled && collections + failures === 0))
  return first?.last === null ? undefined : first
}

/** What is never asked: what the configuration says, and what the environment switches off. */
function disabledOf({ settings, sources, disabled = new Set() }: ResidentOptions): ReadonlySet<string> {
  const off = sources.filter(({ priority }) => !settings.isEnabled || (!settings.isDetailed && (priority === 'medium' || priority === 'low'))).map(({ id }) => id)
  return new Set([...disabled, ...off])
}
