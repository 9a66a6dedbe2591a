import type { CheckResult } from '../model/health.ts'
import type { HealthState, Standing } from './state.ts'
import { uptimeOf, WINDOWS } from './uptime.ts'

/** How long something has been what it is, and how much of the time it was up; a part of `data`, JSON only. */
export interface StandingShape {
  /** ISO 8601. */
  readonly since: string
  readonly flapping: boolean
  /** Percent with three decimals; `percent` is null where nothing is known. */
  readonly uptime: Readonly<Record<keyof typeof WINDOWS, { readonly percent: number | null; readonly watched: number }>>
}

/** The `state` of the JSON answer: all together, and each check of this run by its name. */
export function stateShape({ overall, checks }: HealthState, results: readonly CheckResult[], at: Date): StandingShape & { readonly checks: Readonly<Record<string, StandingShape>> } {
  const known = results.flatMap(({ name }) => {
    const standing = checks.get(name)
    return standing === undefined ? [] : [[name, standingShape(standing, at)] as const]
  })
  return { ...standingShape(overall, at), checks: Object.fromEntries(known) }
}

function standingShape({ since, flappingSince, history }: Standing, at: Date): StandingShape {
  const uptime = (window: keyof typeof WINDOWS): { readonly percent: number | null; readonly watched: number } => {
    const { share, watched } = uptimeOf(history, at.getTime(), WINDOWS[window])
    return { percent: share === null ? null : percent(share), watched: percent(watched) }
  }
  return { since: new Date(Math.min(since, at.getTime())).toISOString(), flapping: flappingSince !== null, uptime: { '24h': uptime('24h'), '7d': uptime('7d'), '30d': uptime('30d') } }
}

/** What is not all and not nothing must not look like it. */
function percent(share: number): number {
  const rounded = Math.round(share * 100_000) / 1_000
  return share > 0 && share < 1 ? Math.min(99.999, Math.max(0.001, rounded)) : rounded
}
