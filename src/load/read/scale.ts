import { UserError } from '../../model/error.ts'
import { METRICS, metricNamed } from '../../model/metric.ts'
import type { ConnectionsPlan, Plan, RateSegment, Step, Workload } from '../../model/plan.ts'
import { showNumber } from '../../model/unit.ts'

/**
 * A smaller (or larger) test of the same shape: durations, users, rates and think times in proportion.
 * Users, counts and the arrivals of a phase stay at least 1 where they were. Throws UserError `INVALID_VALUE` for a factor that is not more than 0.
 */
export function scalePlan(plan: Plan, factor: number): Plan {
  if (!(factor > 0) || !Number.isFinite(factor)) throw new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `a plan cannot be scaled by ${factor}`, hint: 'pass a number of more than 0, like --scale 0.01' })
  if (factor === 1) return plan
  const flows = plan.flows.map((flow) => ({ ...flow, steps: scaleSteps(flow.steps, factor) }))
  const { connections } = plan.settings
  const counted = plan.thresholds.some(({ metric }) => isCounter(plan, metric))
  return {
    ...plan,
    workloads: plan.workloads.map((workload) => scaleWorkload(workload, factor)),
    flows,
    thresholds: plan.thresholds.map((rule) => ({ ...rule, delayAbortEvalMs: rule.delayAbortEvalMs * factor })),
    settings: { ...plan.settings, ...(connections ? { connections: scaleConnections(connections, factor), maxConnections: count(connections.connections, factor) } : {}) },
    notes: [
      ...plan.notes,
      `scaled by ${showNumber(factor)}: durations, users, rates and think times`,
      ...(counted ? ['thresholds on counts and on rates per second are those of the whole test; they were not scaled'] : []),
      ...(plan.flows.some(({ steps }) => hasTemplateThink(steps)) ? ['think times that are templates were not scaled'] : []),
    ],
  }
}

function isCounter(plan: Plan, metric: string): boolean {
  const known = metricNamed(metric)
  return (known === undefined ? plan.metrics[metric] : METRICS[known].kind) === 'counter'
}

const count = (value: number, factor: number): number => (value === 0 ? 0 : Math.max(1, Math.round(value * factor)))
const time = (ms: number, factor: number): number => (ms === 0 ? 0 : Math.max(1, ms * factor))

function scaleWorkload(workload: Workload, factor: number): Workload {
  const startMs = workload.startMs * factor
  switch (workload.model) {
    case 'open': return { ...workload, startMs, segments: workload.segments.map((segment) => scaleSegment(segment, factor)) }
    case 'closed': return { ...workload, startMs, stages: workload.stages.map((stage) => ({ ...stage, durationMs: time(stage.durationMs, factor), from: count(stage.from, factor), to: count(stage.to, factor) })) }
    case 'iterations': {
      const users = count(workload.users, factor)
      const iterations = count(workload.iterations, factor)
      return { ...workload, startMs, users, iterations: workload.shared ? Math.max(users, iterations) : iterations, maxDurationMs: time(workload.maxDurationMs, factor) }
    }
  }
}

function scaleSegment(segment: RateSegment, factor: number): RateSegment {
  const durationMs = time(segment.durationMs, factor)
  const maxUsers = segment.maxUsers === null ? null : count(segment.maxUsers, factor)
  if (segment.arrivals !== undefined) {
    const arrivals = count(segment.arrivals, factor)
    const even = durationMs === 0 ? 0 : arrivals / (durationMs / 1_000)
    return { ...segment, durationMs, maxUsers, arrivals, from: even, to: even }
  }
  // Both sides of the area under the curve shrink, so a short phase would lose its last arrival.
  const area = (((segment.from + segment.to) / 2) * factor * durationMs) / 1_000
  const lift = area > 0 && area < 1 && ((segment.from + segment.to) / 2) * segment.durationMs >= 1_000 ? 1 / area : 1
  return { ...segment, durationMs, maxUsers, from: segment.from * factor * lift, to: segment.to * factor * lift }
}

function scaleConnections(plan: ConnectionsPlan, factor: number): ConnectionsPlan {
  return {
    ...plan,
    connections: count(plan.connections, factor),
    durationMs: plan.durationMs === null ? null : time(plan.durationMs, factor),
    amount: plan.amount === null ? null : count(plan.amount, factor),
    overallRate: plan.overallRate === null ? null : plan.overallRate * factor,
  }
}

function scaleSteps(steps: readonly Step[], factor: number): Step[] {
  return steps.map((step): Step => {
    if (step.kind === 'loop' || step.kind === 'group') return { ...step, steps: scaleSteps(step.steps, factor) }
    if (step.kind !== 'think' || typeof step.ms === 'string') return step
    return { ...step, ms: step.ms * factor, ...(step.toMs === undefined ? {} : { toMs: step.toMs * factor }) }
  })
}

function hasTemplateThink(steps: readonly Step[]): boolean {
  return steps.some((step) => (step.kind === 'think' && typeof step.ms === 'string') || ((step.kind === 'loop' || step.kind === 'group') && hasTemplateThink(step.steps)))
}
