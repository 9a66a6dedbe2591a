import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { spawn } from 'node:child_process'
import type { Run } from '../../src/model/run.ts'
import { startMeasuringServer } from './server.ts'

const folder = mkdtempSync(join(tmpdir(), 'medianest-truth-'))
const BIN = join(import.meta.dirname, '../../bin/medianest-perf.js')

/** Runs the built binary in a process of its own, as users do, so that nothing of the test is in its way. */
function load(target: string, phase: string): Promise<{ code: number | null; data: Run }> {
  const file = join(folder, `${Math.random()}.yaml`)
  writeFileSync(file, `config: { target: "${target}", phases: [${phase}] }\nscenarios: [{ flow: [{ get: { url: / } }] }]\n`)
  const child = spawn(process.execPath, [BIN, 'load', file, '--quiet', '--format', 'json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  return new Promise((done) => child.on('close', (code) => done({ code, data: (JSON.parse(out) as { data: Run }).data })))
}

const within = (observed: number | null, truth: number, share: number): void => {
  expect(Math.abs((observed ?? Number.NaN) - truth) / truth, `${observed} is ${truth} within ${share * 100} %`).toBeLessThanOrEqual(share)
}

describe('the truth about a server that takes 10 ms and hangs once for a second (200/s for 6 s)', { retry: process.env['CI'] === 'true' ? 2 : 1 }, () => {
  const stall = { latencyMs: 10, stallMs: 1_000, stallAtMs: 3_000 }

  it('is told from the moment each request was due', async () => {
    const server = await startMeasuringServer(stall)
    const { data } = await load(server.url, '{ duration: 6, arrivalRate: 200 }')
    await server.close()
    expect(data.summary.totalRequests).toBe(1_200)
    expect(data.summary.p50).toBeLessThan(13)
    expect(data.summary.p50).toBeGreaterThan(9.9)
    within(data.summary.p95, 714, 0.03)
    within(data.summary.p99, 955, 0.03)
  }, 60_000)

  it('is told with a cap of 50 users too, which is never exceeded', async () => {
    const server = await startMeasuringServer(stall)
    const { data } = await load(server.url, '{ duration: 6, arrivalRate: 200, maxVusers: 50 }')
    const { maxInFlight } = await server.seen()
    await server.close()
    expect(data.summary.totalRequests).toBe(1_200)
    expect(data.arrivals.dropped).toBe(0)
    within(data.summary.p95, 729, 0.03)
    expect(maxInFlight).toBe(50)
    // Those that waited were served quickly once they were sent.
    expect(data.summary.serviceTime.p95).toBeLessThan(200)
  }, 60_000)
})

describe('arrivals at 2000/s for 6 s', { retry: process.env['CI'] === 'true' ? 2 : 1 }, () => {
  it('are all sent, each when it is due, as the server sees them', async () => {
    const server = await startMeasuringServer({ latencyMs: 10 })
    const { data } = await load(server.url, '{ duration: 6, arrivalRate: 2000 }')
    const { arrivals } = await server.seen()
    await server.close()
    // The warm-up has a sink of its own, so the server sees the run alone.
    expect(arrivals.length).toBe(data.summary.totalRequests)
    expect(arrivals.length).toBeGreaterThanOrEqual(0.999 * 12_000)
    const first = arrivals[0] ?? Number.NaN
    const offsets = arrivals.map((at, n) => at - first - n / 2).sort((a, b) => a - b)
    // The way to the server is the same for all; what is left over it is the error of the due time.
    const way = offsets[Math.floor(offsets.length * 0.01)] ?? Number.NaN
    const errors = offsets.map((offset) => Math.abs(offset - way)).sort((a, b) => a - b)
    expect(errors[errors.length >> 1]).toBeLessThanOrEqual(0.5)
    const early = arrivals.filter((at) => (at - first) % 1_000 < 100).length
    expect(early / arrivals.length).toBeLessThanOrEqual(0.105)
  }, 60_000)
})
