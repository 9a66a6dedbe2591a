import type { Answer } from '../contract/instance.ts'
import type { Finding } from '../model/finding.ts'
import type { Plan } from '../model/plan.ts'
import { RUN_VERSION, runSchema, type Run } from '../model/run.ts'

type Results = Answer<'loadTestResults'>['data']

interface RunTerms {
  readonly plan: Plan
  /** Ours, where the instance tells none of its own. */
  readonly planHash: string
  readonly target: string
  /** The thresholds of the plan as they were judged, in its order. */
  readonly judged: readonly Finding[]
  readonly isInterrupted: boolean
  readonly notes: readonly string[]
}

/** The result of a load test as this machine would have written it, from what an instance tells with `detailed=true`; null where that is not enough. */
export function runOfResults(results: Results, { plan, planHash, target, judged, isInterrupted, notes }: RunTerms): Run | null {
  if (results.status === 'running') return null
  const status = isInterrupted ? 'interrupted' : results.status === 'aborted' ? 'aborted' : 'completed'
  const told = Array.isArray(results['notes']) ? results['notes'].filter((note) => typeof note === 'string') : []
  const { data } = runSchema.safeParse({
    planHash, engine: 'wire', ...results,
    version: RUN_VERSION, source: plan.source, target, status, partial: status !== 'completed', reason: isInterrupted ? 'the run was interrupted' : (results.reason ?? null),
    thresholds: plan.thresholds.map((rule, index) => ({
      metric: rule.metric, ...(Object.keys(rule.tags).length === 0 ? {} : { tags: rule.tags }), expression: rule.threshold.text,
      verdict: judged[index]?.verdict ?? 'unknown', observed: judged[index]?.observed ?? null, limit: rule.threshold.limit,
    })),
    notes: [...new Set([...notes, ...told])],
  })
  return data ?? null
}
