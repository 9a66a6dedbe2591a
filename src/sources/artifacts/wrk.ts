import type { MeasuredSeries } from '../../model/measurements.ts'
import { append } from './append.ts'
import type { Content, Reading, TextArtifact } from './artifact.ts'
import { lacks } from './errors.ts'
import { AVG, failures, figure, MAX, p, RATE, requestRate, sum, times } from './series.ts'

const MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
// wrk's kilo and mega of bytes are powers of 1024.
const BYTES: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40, PB: 2 ** 50 }

const START = /^Running .+ test @ .+$/m
const LATENCY = /^[ \t]*Latency\s+([\d.]+)(us|ms|s|m|h)\s+[\d.]+(?:us|ms|s|m|h)\s+([\d.]+)(us|ms|s|m|h)\s/m
const PERCENTILE = /^[ \t]*(\d+(?:\.\d+)?)%\s+([\d.]+)(us|ms|s|m|h)\s*$/gm
const TOTAL = /^[ \t]*(\d+) requests in [\d.]+(?:us|ms|s|m|h), ([\d.]+)([KMGTP]?B) read/m
const RATES = /^Requests\/sec:\s+([\d.]+)\s*$/m
const TRANSFER = /^Transfer\/sec:\s+([\d.]+)([KMGTP]?B)\s*$/m
const SOCKET = /^[ \t]*Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/m
const STATUS = /^[ \t]*Non-2xx or 3xx responses: (\d+)/m
const PLAN = /^[ \t]*(\d+) threads and (\d+) connections/m

/** What wrk and wrk2 print, of one run or several one after another: a unit in every cell, no p95. */
export const wrk: TextArtifact = {
  kind: 'text',
  format: 'wrk',
  name: 'wrk',
  mark: 'Running ... test @, Thread Stats',
  recognise: (text) => START.test(text) && /^[ \t]*Thread Stats\s+Avg/m.test(text),
  read(text, reading): Content {
    const runs = text.split(/^(?=Running .+ test @ )/m).filter((run) => START.test(run))
    const plans = new Set(runs.map((run) => PLAN.exec(run)?.[0].trim() ?? ''))
    if (plans.size > 1) throw lacks(reading, `holds runs of different plans: ${[...plans].join(' / ')}`)
    const [plan = ''] = plans
    const distributed = /^[ \t]*Latency Distribution/m.test(text)
    return {
      surroundings: { tool: 'wrk', plan },
      series: append(runs.map((run) => seriesOf(run, reading))),
      notes: [distributed ? 'wrk has no p95 (p90 and p99 are nearest)' : 'wrk has printed no percentiles: run it with --latency'],
    }
  },
}

function seriesOf(run: string, reading: Reading): MeasuredSeries[] {
  const [latency, total, rates, transfer] = [LATENCY, TOTAL, RATES, TRANSFER].map((pattern) => pattern.exec(run))
  // Transfer/sec is the last thing it prints, its unit ends in B: without it the text is cut off.
  if (!total || !rates || !transfer) throw lacks(reading, 'it is cut off: it has no whole line of Requests/sec or Transfer/sec')
  const socket = (SOCKET.exec(run) ?? []).slice(1).reduce((all, count) => all + Number(count), 0)
  const requests = Number(total[1])
  const percentiles = requests === 0 ? [] : [...run.matchAll(PERCENTILE)].map(([, percent, value, unit]) => [p(Number(percent)), ms(value, unit)] as const)
  return [
    ...(latency && requests > 0 ? times('http.duration', [[AVG, ms(latency[1], latency[2])], [MAX, ms(latency[3], latency[4])]], 1) : []),
    ...times('http.duration', percentiles, 1),
    requestRate([Number(rates[1])]),
    ...sum('http.requests', 'count', requests),
    failures([{ yes: Number(STATUS.exec(run)?.[1] ?? 0) + socket, total: requests + socket }]),
    figure('data.received', 'bytes_per_second', 'neither', 'sampled', RATE, [bytes(transfer[1], transfer[2])]),
    ...sum('data.received', 'bytes', bytes(total[2], total[3])),
  ]
}

function ms(value: string | undefined, unit: string | undefined): number {
  return Number(value) * (MS[unit ?? ''] ?? Number.NaN)
}

function bytes(value: string | undefined, unit: string | undefined): number {
  return Number(value) * (BYTES[unit ?? ''] ?? Number.NaN)
}
