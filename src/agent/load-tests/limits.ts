import type { ServeFile } from '../../serve-schema/schema.ts'
import { parseDuration } from '../../model/unit.ts'
import { overLimit } from './errors.ts'
import type { LoadTestBody } from './test-order.ts'

/** How hard a test may be. */
export interface Limits {
  /** Arrivals a second at any moment. */
  readonly rate: number
  /** Users at once: arrivals beyond wait for one to end. */
  readonly users: number
  readonly durationMs: number
}

/** Where the configuration says nothing. */
const OTHERWISE: Limits = { rate: 1_000, users: 1_000, durationMs: 3_600_000 }

/** The limits of a configuration. */
export function limitsOf(section: ServeFile['loadTest']): Limits {
  return {
    rate: section?.maxRate ?? OTHERWISE.rate,
    users: section?.maxUsers ?? OTHERWISE.users,
    durationMs: section?.maxDuration === undefined ? OTHERWISE.durationMs : parseDuration(String(section.maxDuration)),
  }
}

/** Checks that a body asks for no more than is allowed. Phases follow each other, so the greatest rate of any of them is the greatest at any moment. Throws `ApiError` `VALIDATION_ERROR`. */
export function checkLimits({ duration, load: { phases } }: LoadTestBody, limits: Limits): void {
  const rate = Math.max(...phases.map(({ arrivalRate, rampTo = arrivalRate }) => Math.max(arrivalRate, rampTo)))
  if (rate > limits.rate) throw overLimit('maxRate', limits.rate, rate, 'arrivals a second: the phases ask for up to')
  const seconds = Math.max(duration ?? 0, phases.reduce((sum, phase) => sum + phase.duration, 0))
  if (seconds * 1_000 > limits.durationMs) throw overLimit('maxDuration', limits.durationMs / 1_000, seconds, 'seconds: the phases last')
}
