import { describe, expect, test } from 'vitest'
import { scalePlan } from '../../../src/load/read/scale.ts'
import { read, readFixture, withFlow } from './reading.ts'

describe('a scaled plan', () => {
  test('has shorter phases with fewer arrivals, at least one for each phase that had any', async () => {
    const plan = scalePlan(await readFixture('artillery-shop.yaml'), 0.1)
    expect(plan.workloads[0]).toMatchObject({
      segments: [
        { durationMs: 6_000, from: 0.5, to: 5, maxUsers: null },
        { durationMs: 30_000, from: 5, to: 5, maxUsers: 20 },
        { durationMs: 1_000, from: 0, to: 0 },
        { durationMs: 2_000, arrivals: 40, from: 20, to: 20 },
      ],
    })
    const tiny = scalePlan(await read('config: {target: demo, phases: [{duration: 10, arrivalRate: 5}, {duration: 10, arrivalCount: 3}]}\nscenarios: [{flow: [{get: {url: /}}]}]'), 0.01)
    expect(tiny.workloads[0]).toMatchObject({ segments: [{ durationMs: 100, from: 10, to: 10 }, { durationMs: 100, arrivals: 1, from: 10, to: 10 }] })
  })

  test('keeps the shape of a curve of users', async () => {
    const plan = scalePlan(await readFixture('k6-ramps.yaml', { target: 'demo' }), 0.01)
    expect(plan.workloads).toMatchObject([
      { startMs: 0, gracefulRampDownMs: 10_000, stages: [{ durationMs: 3_000, from: 0, to: 1 }, { from: 1, to: 1 }, { from: 1, to: 0 }] },
      { startMs: 12_600, stages: [{ durationMs: 600, from: 0, to: 10 }, { from: 10, to: 0 }] },
    ])
  })

  test('repeats less, and gives every user something to do', async () => {
    const plan = scalePlan(await read('target: demo\nscenarios: {a: {executor: shared-iterations, vus: 10, iterations: 12, maxDuration: 10s}}'), 0.2)
    expect(plan.workloads[0]).toMatchObject({ users: 2, iterations: 2, maxDurationMs: 2_000 })
    expect(scalePlan(await readFixture('connections.yaml'), 0.1).settings).toMatchObject({ maxConnections: 5, connections: { connections: 5, durationMs: 3_000 } })
  })

  test('thinks shorter, wherever the step is', async () => {
    const plan = scalePlan(await read(withFlow('- think: 2\n- {loop: [{think: {min: 1, max: 3}}], count: 2}\n- think: "{{ t }}"')), 0.5)
    expect(plan.flows[0]?.steps).toMatchObject([{ ms: 1_000 }, { count: 2, steps: [{ ms: 500, toMs: 1_500 }] }, { ms: '{{ t }}' }])
    expect(plan.notes).toEqual(['scaled by 0.5: durations, users, rates and think times', 'think times that are templates were not scaled'])
  })

  test('keeps its thresholds, and says so of counts and of rates per second', async () => {
    const rate = await read(withFlow('- think: 2', ', thresholds: {http_reqs: rate>20, http_req_failed: rate<0.1}'))
    expect(scalePlan(rate, 0.5).notes).toContain('thresholds on counts and on rates per second are those of the whole test; they were not scaled')
    const plan = await readFixture('artillery-shop.yaml')
    const scaled = scalePlan(plan, 0.5)
    expect(scaled.thresholds).toEqual(plan.thresholds)
    expect(scaled.notes).toContain('thresholds on counts and on rates per second are those of the whole test; they were not scaled')
  })

  test('is the plan itself for 1, and an error for nothing', async () => {
    const plan = await read(withFlow('- think: 2'))
    expect(scalePlan(plan, 1)).toBe(plan)
    for (const factor of [0, -1, Number.NaN, Infinity]) expect(() => scalePlan(plan, factor)).toThrow('cannot be scaled')
  })
})
