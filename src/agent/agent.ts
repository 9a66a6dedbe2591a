import type { Stretch } from '../analysis/stretch.ts'
import type { Recent } from '../analysis/recent/recent.ts'
import { ZONE_RULES } from '../analysis/zone.ts'
import { ApiError } from '../contract/error-code.ts'
import type { Snapshot, SystemFacts } from '../model/snapshot.ts'
import type { SourceKind } from '../model/source.ts'
import type { Traffic } from '../model/traffic.ts'
import type { AlertWatch } from './alert-watch.ts'
import type { AlertSettings } from './alert-settings.ts'
import type { Collector } from './collector.ts'
import type { HealthChecks } from './health-checks.ts'
import type { Insights } from './insights.ts'
import type { LoadTests } from './load-tests/load-tests.ts'
import type { CollectSettings } from './settings.ts'
import type { UserMetrics } from './user-metrics.ts'

/** What an instance knows, for those who answer questions about it. */
export interface Agent {
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly wallTime: () => Date
  readonly settings: CollectSettings
  readonly collector: Collector
  readonly recent: Recent
  readonly alerts: AlertWatch
  readonly insights: Insights
  readonly health: HealthChecks | null
  readonly loadTests: LoadTests | null
  readonly userMetrics: UserMetrics | null
  /** Whether command lines of processes may be told. */
  readonly commandLines: boolean
  /** Values that were collected since it began. */
  taken(): number
  /** What is known, not older than this; who asks at the same time shares a look. Throws `ApiError` where the machine cannot be looked at. */
  current(maxAgeMs: number): Promise<Snapshot>
  /** The same with processes, which are looked at once a second at most. */
  withProcesses(): Promise<Snapshot>
  /** The last minutes together. */
  stretch(): Promise<Stretch>
  facts(): SystemFacts
  traffic(): Traffic
  alertSettings(): AlertSettings
  setAlerts(settings: AlertSettings): Promise<void>
}

/** A look is shared by all who ask within this time, milliseconds; a little less than a second, so that who asks every second sees something new every time. */
export const SHARED_MS = 900

/** Throws `ApiError` `PERFORMANCE_DEGRADED` where the machine is too full for what costs much. */
export function expectRoom({ collector }: Pick<Agent, 'collector'>, what: string): void {
  if (!ZONE_RULES[collector.ruling].isSparing) return
  throw new ApiError('PERFORMANCE_DEGRADED', `this machine is so full (zone ${collector.zone}) that ${what} must wait`, { details: { zone: collector.zone, retryAfter: 30 } })
}

/** Throws `ApiError` `CIRCUIT_BREAKER_OPEN` where all that could tell of something failed again and again and is left alone. */
export function expectNoBreaker({ collector, now }: Pick<Agent, 'collector' | 'now'>, kind: SourceKind): void {
  const states = collector.states.filter(({ source, isDisabled }) => source.kind === kind && !isDisabled)
  const rests = states.map(({ openUntil }) => (openUntil ?? Number.NEGATIVE_INFINITY) - now())
  if (states.length === 0 || rests.some((rest) => !(rest > 0))) return
  throw new ApiError('CIRCUIT_BREAKER_OPEN', `${states.map(({ source }) => source.name).join(', ')} failed again and again (${states[0]?.problem ?? 'for no known reason'}) and is left alone for a while`, {
    details: { sources: states.map(({ source }) => source.id), retryAfter: Math.ceil(Math.min(...rests) / 1_000) },
  })
}
