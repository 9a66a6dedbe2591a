import type { MeasuredSeries } from '../../model/measurements.ts'
import { append } from './append.ts'
import type { Content, Reading, TextArtifact } from './artifact.ts'
import { lacks } from './errors.ts'
import { AVG, failures, figure, MAX, MIN, p, RATE, requestRate, sum, times } from './series.ts'

const COMPLETE = /^Complete requests:\s+(\d+)\s*$/m
const PER_SECOND = /^Requests per second:\s+([\d.]+) \[#\/sec\] \(mean\)\s*$/m
const MEAN = /^Time per request:\s+([\d.]+) \[ms\] \(mean\)\s*$/m
const TOTAL = /^Total:\s+(\d+)\s+(\d+)\s+[\d.]+\s+(\d+)\s+(\d+)[ \t\r]*\n/m
const PERCENTILE = /^[ \t]*(\d+)%\s+(\d+)(?: \(longest request\))?\s*$/gm
const LONGEST = /^[ \t]*100%\s+(\d+) \(longest request\)/m
const BROKEN = /^[ \t]*\(Connect: (\d+), Receive: (\d+), Length: (\d+), Exceptions: (\d+)\)/m
const STATUS = /^Non-2xx responses:\s+(\d+)\s*$/m
const BYTES = /^Total transferred:\s+(\d+) bytes\s*$/m
const TRANSFER = /^Transfer rate:\s+([\d.]+) \[Kbytes\/sec\] received\s*$/m
const PLAN = /^Concurrency Level:\s+(\d+)\s*$/m

/** What ApacheBench prints, of one run or several one after another: whole milliseconds but for the mean. */
export const ab: TextArtifact = {
  kind: 'text',
  format: 'ab',
  name: 'ab',
  mark: 'Concurrency Level, Complete requests',
  recognise: (text) => /^(This is ApacheBench|Concurrency Level:)/m.test(text) && /^(Server Software|Complete requests|Benchmarking )/m.test(text),
  read(text, reading): Content {
    const runs = text.split(/^(?=This is ApacheBench)/m).filter((run) => run.trim() !== '' && /^(This is ApacheBench|Concurrency Level:)/m.test(run))
    const plans = new Set(runs.map((run) => PLAN.exec(run)?.[1]))
    if (plans.size > 1) throw lacks(reading, `holds runs of different concurrency: ${[...plans].join(', ')}`)
    const lengths = runs.reduce((total, run) => total + Number(BROKEN.exec(run)?.[3] ?? 0), 0)
    return {
      surroundings: { tool: 'ab', plan: `concurrency ${[...plans].join('')}` },
      series: append(runs.map((run) => seriesOf(run, reading))),
      notes: [
        'ab tells percentiles in whole milliseconds',
        ...(lengths > 0 ? [`${lengths} responses differed in length from the first, which ab calls failed; they do not count as failed here`] : []),
      ],
    }
  },
}

function seriesOf(run: string, reading: Reading): MeasuredSeries[] {
  const [complete, perSecond, mean, total] = [COMPLETE, PER_SECOND, MEAN, TOTAL].map((pattern) => pattern.exec(run))
  if (!complete || !perSecond) throw lacks(reading, 'it has no Requests per second: ab did not get to its end, or the text is cut off')
  const requests = Number(complete[1])
  // Of more than one request it ends with the longest one.
  if (requests > 0 && (!mean || !total || (requests > 1 && !LONGEST.test(run)))) throw lacks(reading, 'it is cut off: the times are not all there')
  const [connect = 0, receive = 0, , exceptions = 0] = (BROKEN.exec(run) ?? []).slice(1).map(Number)
  const statuses = Number(STATUS.exec(run)?.[1] ?? 0)
  const percentiles = [...run.matchAll(PERCENTILE)].filter(([, percent]) => percent !== '100').map(([, percent, value]) => [p(Number(percent)), Number(value)] as const)
  const longest = LONGEST.exec(run)?.[1] ?? total?.[4]
  const transferred = BYTES.exec(run)?.[1]
  const transfer = TRANSFER.exec(run)?.[1]
  return [
    ...(mean && requests > 0 ? times('http.duration', [[AVG, Number(mean[1])]], 1) : []),
    ...(total && requests > 0 ? times('http.duration', [[MIN, Number(total[1])], [MAX, Number(longest)], ...(percentiles.length > 0 ? percentiles : [[p(50), Number(total[3])] as const])], 1, { resolution: 1 }) : []),
    requestRate([Number(perSecond[1])]),
    ...sum('http.requests', 'count', requests),
    failures([{ yes: Math.min(requests, connect + receive + exceptions + statuses), total: requests }]),
    ...sum('data.received', 'bytes', transferred === undefined ? undefined : Number(transferred)),
    // ab's kilobyte has 1024 bytes.
    ...(transfer === undefined ? [] : [figure('data.received', 'bytes_per_second', 'neither', 'sampled', RATE, [Number(transfer) * 1_024])]),
  ]
}
