import { healthAlerts, healthShape } from '../../analysis/shape/health-shape.ts'
import { ApiError } from '../../contract/error-code.ts'
import { type Answer, type Handlers, seesAll } from '../../contract/instance.ts'
import type { CheckResult } from '../../model/health.ts'
import { valueOf } from '../../model/snapshot.ts'
import { plain } from '../../model/text.ts'
import { SHARED_MS, type Agent } from '../agent.ts'
import type { HealthChecks } from '../health-checks.ts'

/** For how long a result is good, milliseconds: as documented a minute for checks that are not critical; who asks at the same time shares a run. */
const KEPT_MS = { critical: SHARED_MS, other: 60_000 } as const

interface Kept {
  readonly result: CheckResult | null
  readonly at: number
}

type Data = Answer<'health'>['data']

/** Answers `GET health`: components and dependencies; what is behind a state is for who sees all. */
export function healthAnswerOf(agent: Agent): Handlers['health'] {
  const kept = new Map<string, Kept>()
  const running = new Map<string, Promise<void>>()

  const run = async (checks: HealthChecks, names: readonly string[], timeoutMs: number): Promise<void> => {
    // One who goes away must not take the run from those who wait for it too.
    const signal = AbortSignal.timeout(timeoutMs + 5_000)
    const results = await checks.run(names, { signal, timeoutMs })
    const found = new Map(results.map((result) => [result.name, result]))
    for (const name of names) kept.set(name, { result: found.get(name) ?? null, at: agent.now() })
  }

  return async ({ query: { detailed, timeout, components } }, { caller }) => {
    const { health } = agent
    const wanted = pick(health, components)
    const isOld = ({ name, isCritical }: HealthChecks['checks'][number]): boolean => agent.now() - (kept.get(name)?.at ?? Number.NEGATIVE_INFINITY) > KEPT_MS[isCritical ? 'critical' : 'other']
    const due = wanted.filter((check) => isOld(check) && !running.has(check.name)).map(({ name }) => name)
    if (health && due.length > 0) {
      const run_ = run(health, due, timeout * 1_000).finally(() => {
        for (const name of due) running.delete(name)
      })
      for (const name of due) running.set(name, run_)
    }
    await Promise.all(new Set(wanted.flatMap(({ name }) => running.get(name) ?? [])))
    const results = wanted.flatMap(({ name }) => kept.get(name)?.result ?? [])
    const tellsAll = seesAll(caller)
    const uptimeMs = valueOf(await agent.current(agent.settings.intervalMs + SHARED_MS), 'uptime')
    const at = new Date(Math.max(0, ...results.map(({ checkedAt }) => checkedAt.getTime())) || agent.wallTime().getTime())
    const data: Data = healthShape(results, { at, uptimeMs: Number.isNaN(uptimeMs) ? null : uptimeMs, detailed: detailed && tellsAll })
    return {
      data: tellsAll ? data : statesOnly(data),
      meta: { checks: results.length, cachedForSeconds: KEPT_MS.other / 1_000, ...(wanted.length === 0 ? { note: 'nothing is set up to be checked' } : {}) },
      alerts: healthAlerts(results, agent.wallTime()).map(({ level, metric, component, message, recommendation, timestamp }) => ({
        level, ...(component === undefined ? {} : { component }),
        ...(tellsAll ? { metric, message, ...(recommendation === undefined ? {} : { recommendation }) } : { message: `${component ?? metric} is not well` }),
        ...(timestamp === undefined ? {} : { timestamp: timestamp.toISOString() }),
      })),
    }
  }
}

/** The checks of components or by name. Throws `ApiError` `VALIDATION_ERROR` that lists what there is. */
function pick(health: HealthChecks | null, components: readonly string[] | undefined): HealthChecks['checks'] {
  const checks = health?.checks ?? []
  if (components === undefined) return checks
  const known = [...new Set(checks.flatMap(({ name, component }) => [component, name]))]
  const unknown = components.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    const message = known.length === 0 ? `there is no "${plain(unknown, 100)}": nothing is set up to be checked` : `there is no "${plain(unknown, 100)}": there are ${known.join(', ')}`
    throw new ApiError('VALIDATION_ERROR', `query components: ${message}`, { details: { issues: [{ in: 'query', field: 'components', message }], components: known } })
  }
  return checks.filter(({ name, component }) => components.includes(name) || components.includes(component))
}

/** States and response times; messages name hosts, paths and figures. */
function statesOnly({ overall, components, dependencies }: Data): Data {
  const state = ({ status, responseTime }: { readonly status: string; readonly responseTime?: number | null | undefined }) => ({ status, ...(responseTime === undefined ? {} : { responseTime }) })
  return {
    overall,
    components: Object.fromEntries(Object.entries(components).map(([name, component]) => [name, state(component)])),
    dependencies: { external: Object.fromEntries(Object.entries(dependencies.external).map(([name, external]) => [name, { ...state(external), ...(external.lastCheck === undefined ? {} : { lastCheck: external.lastCheck }) }])) },
  }
}
