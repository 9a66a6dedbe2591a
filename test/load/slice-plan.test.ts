import { describe, expect, it } from 'vitest'
import { planFromUrl } from '../../src/load/read/url.ts'
import { requestNames, slicePlan } from '../../src/load/slice-plan.ts'
import type { Plan, Workload } from '../../src/model/plan.ts'

const ONE = planFromUrl({ url: 'http://127.0.0.1:4000/', connections: 3, durationMs: 10_000 })
const BASE = { name: 'main', startMs: 0, flows: [{ flow: 0, weight: 1 }], gracefulStopMs: null, tags: {} }
const planOf = (...workloads: Workload[]): Plan => ({ ...ONE, workloads })
const stage = (from: number, to: number, durationMs = 60_000): { name: string; durationMs: number; from: number; to: number } => ({ name: 'stage', durationMs, from, to })

describe('a plan in slices', () => {
  it.each<[string, Workload, string]>([
    ['holds a ramp of users at its most', { ...BASE, model: 'closed', gracefulRampDownMs: 0, stages: [stage(0, 40), stage(40, 0)] }, '40 users'],
    ['holds a ramp of arrivals at its highest rate, with the cap that holds there', { ...BASE, model: 'open', segments: [{ ...stage(1, 5), maxUsers: 3 }, { ...stage(5, 50), maxUsers: 20 }] }, '50/s arrivals, at most 20 users'],
    ['spreads a number of arrivals over its time', { ...BASE, model: 'open', segments: [{ ...stage(0, 0, 10_000), arrivals: 200, maxUsers: null }] }, '20/s arrivals'],
    ['keeps users of a fixed amount of work busy', { ...BASE, model: 'iterations', users: 4, iterations: 100, shared: true, maxDurationMs: 60_000, phase: 'work' }, '4 users'],
  ])('%s', (_title, workload, told) => {
    const { plan, levels } = slicePlan(planOf({ ...workload, startMs: 5_000 }), 2_000)
    expect(levels).toEqual([told])
    expect(plan.workloads[0]).toMatchObject({ startMs: 0 })
  })

  it('runs workloads that follow each other at once, and says so', () => {
    const closed: Workload = { ...BASE, model: 'closed', gracefulRampDownMs: 0, stages: [stage(5, 5)] }
    const { levels, notes } = slicePlan(planOf(closed, { ...closed, name: 'later', startMs: 60_000 }), 2_000)
    expect(levels).toEqual(['main: 5 users', 'later: 5 users'])
    expect(notes).toEqual(['the workloads of the plan follow each other, in a slice they run at once'])
  })

  it('is an error without users or arrivals', () => {
    expect(() => slicePlan(planOf({ ...BASE, model: 'closed', gracefulRampDownMs: 0, stages: [stage(0, 0)] }), 2_000)).toThrow(/no users and no arrivals/)
  })

  it('knows the names of its requests, in loops and groups too', () => {
    const [flow] = ONE.flows
    const step = flow?.steps[0]
    if (step?.kind !== 'request') throw new Error('a one-liner is one request')
    const group = { kind: 'group' as const, name: 'more', steps: [{ ...step, name: 'second' }, step] }
    expect(requestNames({ flows: [{ name: 'all', steps: [{ ...step, name: 'first' }, group] }] })).toEqual(['first', 'second', 'GET /'])
  })
})
