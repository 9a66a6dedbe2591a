import { UserError } from '../model/error.ts'
import type { Plan, Step, Workload } from '../model/plan.ts'
import { plural } from '../model/text.ts'
import { showQuantity } from '../model/unit.ts'
import { schedule, userCurve } from './schedule.ts'

/** A plan whose workloads all hold one level for the time of a slice. */
export interface SlicePlan {
  readonly plan: Plan
  /** What each workload does in a slice, a phrase each. */
  readonly levels: readonly string[]
  /** What became of the plan's course, for the reader of the result. */
  readonly notes: readonly string[]
}

/** Levels a plan for slices: users of closed workloads at their most, open ones at their highest rate, users of a fixed amount of work for as long as the slice takes. Throws UserError `NO_LOAD`. */
export function slicePlan(plan: Plan, sliceMs: number): SlicePlan {
  const levelled = plan.workloads.map((workload) => level(workload, sliceMs)).filter((each) => each !== null)
  if (levelled.length === 0) throw new UserError({ code: 'NO_LOAD', kind: 'input', message: `${plan.source} asks for no users and no arrivals, so there is nothing to compare`, hint: 'give a scenario with users or arrivals, or a path with -c 5' })
  const isSequence = new Set(plan.workloads.map(({ startMs }) => startMs)).size > 1
  return {
    plan: { ...plan, workloads: levelled.map(({ workload }) => workload), thresholds: [] },
    levels: levelled.map(({ workload, told }) => (levelled.length > 1 ? `${workload.name}: ${told}` : told)),
    notes: [
      ...(isSequence ? ['the workloads of the plan follow each other, in a slice they run at once'] : []),
      ...(plan.thresholds.length > 0 ? [`${plural(plan.thresholds.length, 'threshold')} of the plan not judged: load does that`] : []),
      ...(plan.settings.connections !== undefined && plan.settings.connections.pipelining > 1 ? ['requests are not pipelined here: one at a time on each connection'] : []),
    ],
  }
}

function level(workload: Workload, sliceMs: number): { readonly workload: Workload; readonly told: string } | null {
  const base = { name: workload.name, startMs: 0, flows: workload.flows, gracefulStopMs: null, tags: workload.tags }
  if (workload.model === 'open') {
    const { rate, maxUsers } = busiest(workload.segments)
    const segments = [{ name: 'slice', durationMs: sliceMs, from: rate, to: rate, maxUsers }]
    if (schedule({ segments }).arrivals === 0) return null
    return { workload: { ...base, model: 'open', segments }, told: `${showQuantity({ value: rate, unit: 'per_second' })} arrivals${maxUsers === null ? '' : `, at most ${plural(maxUsers, 'user')}`}` }
  }
  const users = workload.model === 'closed' ? userCurve(workload).peak : workload.users
  if (users < 1) return null
  return { workload: { ...base, model: 'closed', stages: [{ name: 'slice', durationMs: sliceMs, from: users, to: users }], gracefulRampDownMs: 0 }, told: plural(Math.floor(users), 'user') }
}

/** The highest rate of a curve, arrivals per second, and the cap of users that holds there. */
function busiest(segments: Extract<Workload, { model: 'open' }>['segments']): { readonly rate: number; readonly maxUsers: number | null } {
  const rateOf = ({ arrivals, durationMs, from, to }: (typeof segments)[number]): number => (arrivals === undefined ? Math.max(from, to) : (arrivals * 1_000) / Math.max(1, durationMs))
  return segments.reduce<{ readonly rate: number; readonly maxUsers: number | null }>((most, segment) => (rateOf(segment) > most.rate ? { rate: rateOf(segment), maxUsers: segment.maxUsers } : most), { rate: 0, maxUsers: null })
}

/** The names under which the requests of a plan are kept, in the order of the plan. */
export function requestNames({ flows }: Pick<Plan, 'flows'>): string[] {
  const of = (steps: readonly Step[]): string[] => steps.flatMap((step) => (step.kind === 'request' ? [step.name] : step.kind === 'loop' || step.kind === 'group' ? of(step.steps) : []))
  return [...new Set(flows.flatMap(({ steps }) => of(steps)))]
}
