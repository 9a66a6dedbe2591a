import { endOf, phasesOf } from '../load/phase.ts'
import { schedule, userCurve } from '../load/schedule.ts'
import type { Plan, Workload } from '../model/plan.ts'
import { report, type Cell, type Chart, type Report, type Table } from '../model/report.ts'
import type { Unit } from '../model/unit.ts'

const right = (label: string): Table['columns'][number] => ({ label, align: 'right' })
const rate = (value: number | undefined): Cell => (value === undefined ? null : { value, unit: 'per_second' })

/** What a plan would do, without doing it. */
export function planReport(plan: Plan, planHash: string, at: Date): Report {
  const endMs = Math.max(0, ...plan.workloads.map(endOf))
  const stepMs = Math.max(1, endMs / 100)
  const moments = Array.from({ length: 101 }, (_, index) => index * stepMs)
  const curves = plan.workloads.map((workload) => ({ workload, values: moments.map((ms) => askedAt(workload, ms)) }))
  const chart = (title: string, unit: Unit, open: boolean): Chart[] => {
    const series = curves.filter(({ workload }) => (workload.model === 'open') === open).map(({ workload, values }) => ({ name: workload.name, values }))
    return series.length > 0 ? [{ title, unit, stepMs, series }] : []
  }
  return report({
    command: 'load',
    title: `plan of "${plan.name}" (nothing was sent)`,
    startedAt: at,
    finishedAt: at,
    data: { dryRun: true, planHash, plan },
    facts: [
      { label: 'target', value: plan.target },
      { label: 'length', value: { value: endMs, unit: 'ms' } },
      { label: 'arrivals', value: plan.workloads.reduce((sum, workload) => sum + (workload.model === 'open' ? schedule(workload).arrivals : 0), 0) },
      { label: 'plan hash', value: planHash.slice(0, 16) },
    ],
    tables: [
      {
        title: 'Workloads',
        columns: [{ label: 'workload' }, { label: 'model' }, { label: 'phase' }, right('begins'), right('lasts'), right('from'), right('to'), right('users at most')],
        rows: plan.workloads.flatMap(workloadRows),
      },
      { title: 'Flows', columns: [{ label: 'flow' }, right('steps'), { label: 'first request' }], rows: plan.flows.map((flow) => [flow.name, flow.steps.length, flow.steps.find((step) => step.kind === 'request')?.name ?? '']) },
      { title: 'Thresholds', columns: [{ label: 'metric' }, { label: 'must be' }, { label: 'ends the run' }], rows: plan.thresholds.map((rule) => [rule.metric, rule.threshold.text, rule.abortOnFail ? 'yes' : '']) },
    ].filter(({ rows }) => rows.length > 0),
    charts: [...chart('arrivals per second', 'per_second', true), ...chart('users', 'count', false)],
    notes: plan.notes,
  })
}

function askedAt(workload: Workload, ms: number): number {
  const at = ms - workload.startMs
  if (at < 0 || ms >= endOf(workload)) return 0
  switch (workload.model) {
    case 'open': return schedule(workload).rateAt(at)
    case 'closed': return userCurve(workload).usersAt(at)
    case 'iterations': return workload.users
  }
}

function workloadRows(workload: Workload): Cell[][] {
  return phasesOf(workload).list.map((phase, index): Cell[] => {
    const head: Cell[] = [workload.name, workload.model, phase.name, { value: phase.startMs, unit: 'ms' }, { value: phase.durationMs, unit: 'ms' }]
    switch (workload.model) {
      case 'open': {
        const segment = workload.segments[index]
        return [...head, rate(segment?.from), rate(segment?.to), segment?.maxUsers ?? null]
      }
      case 'closed': {
        const stage = workload.stages[index]
        return [...head, stage?.from ?? null, stage?.to ?? null, Math.max(stage?.from ?? 0, stage?.to ?? 0)]
      }
      case 'iterations': return [...head, workload.users, workload.users, workload.users]
    }
  })
}
