import { createHash } from 'node:crypto'
import type { Plan, Step } from '../../model/plan.ts'

/**
 * What is asked of a server, as SHA-256 in hex: equal for plans that send the same traffic, wherever it goes and however it is judged.
 * Target, names of files, positions, thresholds and notes do not count.
 */
export function planHash(plan: Plan): string {
  const asked = {
    workloads: plan.workloads,
    flows: plan.flows.map(({ name, steps }) => ({ name, steps: steps.map(withoutPlaces) })),
    settings: plan.settings,
    variables: plan.variables,
    payloads: plan.payloads.map(({ source: _, ...payload }) => payload),
  }
  return createHash('sha256').update(canonical(asked)).digest('hex')
}

/** JSON whose keys are in order, so that equal values have one text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each: unknown) => canonical(each)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  const entries = Object.entries(value).filter(([, each]) => each !== undefined).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`
}

// Only where the plan's types have a position: a body may well have a "where" of its own.
function withoutPlaces(step: Step): unknown {
  switch (step.kind) {
    case 'request': {
      const { where: _, ...rest } = step
      return { ...rest, captures: step.captures.map(({ where: _place, ...capture }) => capture), expects: step.expects.map(({ where: _place, ...expectation }) => expectation) }
    }
    case 'loop': {
      const { where: _, ...rest } = step
      return { ...rest, steps: step.steps.map(withoutPlaces) }
    }
    case 'group': return { ...step, steps: step.steps.map(withoutPlaces) }
    case 'metric': {
      const { where: _, ...rest } = step
      return rest
    }
    case 'think':
    case 'set':
    case 'log': return step
  }
}
