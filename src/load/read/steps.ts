import type { Flow, Step } from '../../model/plan.ts'
import type { StepContext } from './defaults.ts'
import { conflictingKeys, invalidValue, misplacedKey, nothingIn, unsupported } from './errors.ts'
import { countOf, durationOf, isTemplate, numberOf, type Amount } from './quantity.ts'
import { METHODS, readRequest } from './request.ts'
import type { Spot } from './spot.ts'
import type { WrittenStep } from './step-schema.ts'

type Key = keyof WrittenStep

/** What a step may be, and which keys may stand beside each. */
const ACTIONS: readonly (readonly [action: Key, companions: readonly Key[]])[] = [
  ...METHODS.map((method) => [method, []] as const),
  ['think', ['jitter']],
  ['loop', ['count', 'over', 'whileTrue', 'loopValue', 'loopElement']],
  ['group', []],
  ['log', ['ifTrue']],
  ['set', ['ifTrue']],
  ['metric', []],
]

/** A flow of steps as Artillery and the flows of k6's files write them. Throws UserError `EMPTY_FLOW` and those of its steps. */
export function readFlow(name: string, steps: readonly WrittenStep[], spot: Spot, context: StepContext): Flow {
  if (steps.length === 0) throw nothingIn('EMPTY_FLOW', spot, `the flow "${name}" has no steps`, 'add one, like {get: {url: /}}')
  return { name, steps: readSteps(steps, spot, context) }
}

function readSteps(steps: readonly WrittenStep[], spot: Spot, context: StepContext): Step[] {
  return steps.flatMap((step, index) => readStep(step, spot.at(index), context))
}

function readStep(step: WrittenStep, spot: Spot, context: StepContext): Step[] {
  const actions = ACTIONS.filter(([action]) => step[action] !== undefined)
  const [first, second] = actions
  if (!first) throw invalidValue(spot, `must do something (${ACTIONS.map(([action]) => action).join(', ')})`, step, 'see which keys belong together')
  if (second) throw conflictingKeys(spot, [first[0], second[0]], 'a step does one thing; is a dash missing before the second?')
  const [action, companions] = first
  const stray = (Object.keys(step) as Key[]).find((key) => key !== action && step[key] !== undefined && !companions.includes(key))
  if (stray !== undefined) throw misplacedKey(spot, stray, `it is beside "${action}"${stray === 'ifTrue' ? '; a request has its ifTrue inside' : ''}`)

  const method = METHODS.find((each) => each === action)
  if (method !== undefined && step[method]) return [readRequest(method, step[method], spot.at(method), context)]
  if (step.think !== undefined) return [readThink(step.think, step.jitter ?? context.jitter, spot)]
  if (step.loop) return [readLoop(step, step.loop, spot, context)]
  if (step.group) {
    if (step.group.steps.length === 0) throw nothingIn('EMPTY_FLOW', spot.at('group'), `the group "${step.group.name}" has no steps`, 'add one or remove the group')
    return [{ kind: 'group', name: step.group.name, steps: readSteps(step.group.steps, spot.at('group', 'steps'), context) }]
  }
  const condition = step.ifTrue === undefined ? {} : { ifTrue: String(step.ifTrue) }
  if (step.log !== undefined) return [{ kind: 'log', text: String(step.log), ...condition }]
  if (step.set) return [{ kind: 'set', variables: step.set, ...condition }]
  return Object.entries(step.metric ?? {}).map(([written, value]) => readFeed(written, value, spot.at('metric', written), context))
}

function readFeed(written: string, value: Amount, spot: Spot, context: StepContext): Step {
  const metric = context.metrics.need(written, spot.keyWhere())
  if (!metric.fed) throw invalidValue(spot, `must not be set, because ${metric.name} is measured`, value, 'declare a metric of another name under "metrics"')
  return { kind: 'metric', name: metric.name, value: isTemplate(value) ? value : numberOf(value, spot, -1e15, 1e15), where: spot.keyWhere() }
}

function readThink(think: NonNullable<WrittenStep['think']>, jitter: Amount | null, spot: Spot): Step {
  const place = spot.at('think')
  if (typeof think === 'object') {
    const [ms, toMs] = [durationOf(think.min, place.at('min'), 1_000), durationOf(think.max, place.at('max'), 1_000)]
    if (toMs < ms) throw invalidValue(place.at('max'), 'must be at least "min"', think.max)
    return { kind: 'think', ms, toMs }
  }
  if (isTemplate(think)) {
    if (jitter !== null) throw unsupported('jitter of a think time that is a template', 'write the think time out, or as {min: 1, max: 3}', place.where())
    return { kind: 'think', ms: think }
  }
  const ms = durationOf(think, place, 1_000)
  if (jitter === null) return { kind: 'think', ms }
  // Artillery: "10%" of the time, or a number of milliseconds; the pause is drawn evenly from both sides.
  const percent = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(String(jitter))?.[1]
  const around = percent === undefined ? numberOf(jitter, spot.at('jitter'), 0, 1e9) : (ms * numberOf(percent, spot.at('jitter'), 0, 1_000)) / 100
  return { kind: 'think', ms: Math.max(0, ms - around), toMs: ms + around }
}

function readLoop(step: WrittenStep, steps: readonly WrittenStep[], spot: Spot, context: StepContext): Step {
  if (steps.length === 0) throw nothingIn('EMPTY_FLOW', spot.at('loop'), 'a loop has no steps', 'add one or remove the loop')
  const { over, whileTrue } = step
  if (over !== undefined && step.loopValue !== undefined) throw unsupported('"loopValue" in a loop over a list', 'name the element with "loopElement"', spot.at('loopValue').keyWhere())
  if (over === undefined && step.loopElement !== undefined) throw misplacedKey(spot, 'loopElement', 'only a loop "over" a list has elements; "loopValue" names the turn')
  if (whileTrue !== undefined && /^\s*[A-Za-z_$][\w$]*\s*$/.test(whileTrue)) throw unsupported(`the function "${whileTrue.trim()}" as "whileTrue"`, 'write a condition, like: done == false', spot.at('whileTrue').where())
  return {
    kind: 'loop',
    steps: readSteps(steps, spot.at('loop'), context),
    count: readCount(step.count, spot.at('count')),
    ...(over === undefined ? {} : { over }),
    ...(whileTrue === undefined ? {} : { whileTrue }),
    variable: over === undefined ? step.loopValue ?? '$loopCount' : step.loopElement ?? '$loopElement',
    where: spot.at('loop').keyWhere(),
  }
}

function readCount(count: Amount | undefined, spot: Spot): number | string | null {
  if (count === undefined) return null
  if (isTemplate(count)) return count
  // From one turn to another, as in Artillery: 3-6 are the turns 3, 4 and 5.
  if (typeof count === 'string' && /^\s*\d{1,9}\s*-\s*\d{1,9}\s*$/.test(count)) return count.trim()
  // Artillery: none or a negative one is for ever.
  const times = countOf(count, spot, -1, 1e9)
  return times <= 0 ? null : times
}
