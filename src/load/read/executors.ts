import type { RateSegment, UserStage, Workload } from '../../model/plan.ts'
import { texts } from './defaults.ts'
import { duplicateName, invalidValue, misplacedKey, missingValue, noLoad, unknownWord, unsupported } from './errors.ts'
import type { K6Scenario } from './k6-schema.ts'
import { countOf, durationOf, numberOf } from './quantity.ts'
import type { Spot } from './spot.ts'

type Key = Exclude<keyof K6Scenario, 'executor' | 'exec' | 'startTime' | 'gracefulStop' | 'env' | 'tags'>
type Base = Pick<Workload, 'name' | 'startMs' | 'flows' | 'gracefulStopMs' | 'tags'>

interface Executor {
  readonly needs: readonly Key[]
  readonly takes: readonly Key[]
  readonly read: (scenario: K6Scenario, base: Base, spot: Spot) => Workload
}

// Numbers without a unit are milliseconds in k6 (lib/types: GetDurationValue).
const MS = 1
const vus = (scenario: K6Scenario, spot: Spot): number => countOf(scenario.vus ?? 1, spot.at('vus'), 1)

/** k6's executors (using-k6/scenarios/executors), with k6's defaults. */
const EXECUTORS: Readonly<Record<string, Executor>> = {
  'constant-vus': {
    needs: ['duration'],
    takes: ['vus', 'duration'],
    read: (scenario, base, spot) => {
      const users = vus(scenario, spot)
      return { ...base, model: 'closed', stages: [{ name: base.name, durationMs: lasting(scenario, spot), from: users, to: users }], gracefulRampDownMs: 30_000 }
    },
  },
  'ramping-vus': {
    needs: ['stages'],
    takes: ['startVUs', 'stages', 'gracefulRampDown'],
    read: (scenario, base, spot) => ({
      ...base,
      model: 'closed',
      stages: curve(scenario, base.name, countOf(scenario.startVUs ?? 1, spot.at('startVUs')), spot, countOf),
      gracefulRampDownMs: durationOf(scenario.gracefulRampDown ?? '30s', spot.at('gracefulRampDown'), MS),
    }),
  },
  'constant-arrival-rate': {
    needs: ['rate', 'duration', 'preAllocatedVUs'],
    takes: ['rate', 'timeUnit', 'duration', 'preAllocatedVUs', 'maxVUs'],
    read: (scenario, base, spot) => {
      const rate = numberOf(scenario.rate ?? 0, spot.at('rate'), 0.000_001) / unitSeconds(scenario, spot)
      return { ...base, model: 'open', segments: [{ name: base.name, durationMs: lasting(scenario, spot), from: rate, to: rate, maxUsers: maxUsers(scenario, spot) }] }
    },
  },
  'ramping-arrival-rate': {
    needs: ['stages', 'preAllocatedVUs'],
    takes: ['startRate', 'timeUnit', 'stages', 'preAllocatedVUs', 'maxVUs'],
    read: (scenario, base, spot) => {
      const unit = unitSeconds(scenario, spot)
      const cap = maxUsers(scenario, spot)
      const segments = curve(scenario, base.name, numberOf(scenario.startRate ?? 0, spot.at('startRate')), spot, numberOf)
      return { ...base, model: 'open', segments: segments.map(({ from, to, ...rest }): RateSegment => ({ ...rest, from: from / unit, to: to / unit, maxUsers: cap })) }
    },
  },
  'shared-iterations': { needs: [], takes: ['vus', 'iterations', 'maxDuration'], read: (scenario, base, spot) => repeated(scenario, base, spot, true) },
  'per-vu-iterations': { needs: [], takes: ['vus', 'iterations', 'maxDuration'], read: (scenario, base, spot) => repeated(scenario, base, spot, false) },
}

const SCENARIO_KEYS: readonly string[] = ['executor', 'exec', 'startTime', 'gracefulStop', 'env', 'tags']

/** The workload of one of k6's scenarios, without its tags' defaults. Throws UserError. */
export function readExecutor(name: string, scenario: K6Scenario, flow: number, commonTags: Readonly<Record<string, string>>, spot: Spot): Workload {
  if (scenario.executor === 'externally-controlled') throw unsupported('the executor "externally-controlled"', 'use ramping-vus with stages', spot.at('executor').where())
  const executor = Object.hasOwn(EXECUTORS, scenario.executor) ? EXECUTORS[scenario.executor] : undefined
  if (!executor) throw unknownWord('UNKNOWN_EXECUTOR', 'executor', scenario.executor, Object.keys(EXECUTORS), spot.at('executor').where())
  const keys = Object.keys(scenario) as (keyof K6Scenario)[]
  const stray = keys.find((key) => scenario[key] !== undefined && !SCENARIO_KEYS.includes(key) && !executor.takes.includes(key as Key))
  if (stray !== undefined) throw misplacedKey(spot, stray, `the executor ${scenario.executor} takes ${executor.takes.join(', ')}`)
  const missing = executor.needs.find((key) => scenario[key] === undefined)
  if (missing !== undefined) throw missingValue(spot, missing, `the executor ${scenario.executor} needs it`)
  return executor.read(scenario, {
    name,
    startMs: durationOf(scenario.startTime ?? 0, spot.at('startTime'), MS),
    flows: [{ flow, weight: 1 }],
    gracefulStopMs: durationOf(scenario.gracefulStop ?? '30s', spot.at('gracefulStop'), MS),
    tags: { ...commonTags, ...texts(scenario.tags) },
  }, spot)
}

const lasting = (scenario: K6Scenario, spot: Spot): number => durationOf(scenario.duration ?? 0, spot.at('duration'), MS, 'more')
const unitSeconds = (scenario: K6Scenario, spot: Spot): number => durationOf(scenario.timeUnit ?? '1s', spot.at('timeUnit'), MS, 'more') / 1_000

/** The cap of users: `maxVUs`, else `preAllocatedVUs` (k6's default). */
function maxUsers(scenario: K6Scenario, spot: Spot): number {
  const allocated = countOf(scenario.preAllocatedVUs ?? 0, spot.at('preAllocatedVUs'))
  const most = countOf(scenario.maxVUs ?? allocated, spot.at(scenario.maxVUs === undefined ? 'preAllocatedVUs' : 'maxVUs'), 1)
  if (most < allocated) throw invalidValue(spot.at('maxVUs'), `must be at least "preAllocatedVUs" (${allocated})`, most)
  return most
}

function curve(scenario: K6Scenario, name: string, start: number, spot: Spot, read: typeof numberOf): UserStage[] {
  const written = scenario.stages ?? []
  const place = spot.at('stages')
  const stages: UserStage[] = []
  for (const [index, stage] of written.entries()) {
    const title = stage.name ?? (written.length === 1 ? name : `${name} ${index + 1}`)
    if (stages.some((each) => each.name === title)) throw duplicateName('stages', title, place.at(index))
    stages.push({ name: title, durationMs: durationOf(stage.duration, place.at(index, 'duration'), MS), from: stages.at(-1)?.to ?? start, to: read(stage.target, place.at(index, 'target')) })
  }
  if (stages.reduce((sum, { durationMs }) => sum + durationMs, 0) === 0) throw noLoad(place, `"${place.name}" lasts no time`, 'add a stage, like {duration: 1m, target: 10}')
  if (start === 0 && stages.every(({ to }) => to === 0)) throw noLoad(place, `"${place.name}" never leaves 0`, 'give a stage a target of more than 0')
  return stages
}

function repeated(scenario: K6Scenario, base: Base, spot: Spot, shared: boolean): Workload {
  const users = vus(scenario, spot)
  const iterations = countOf(scenario.iterations ?? 1, spot.at('iterations'), 1, 1e9)
  if (shared && iterations < users) throw invalidValue(spot.at('iterations'), `must be at least "vus" (${users})`, iterations, 'give every user something to do')
  return { ...base, model: 'iterations', users, iterations, shared, maxDurationMs: durationOf(scenario.maxDuration ?? '10m', spot.at('maxDuration'), MS, 'more'), phase: base.name }
}
