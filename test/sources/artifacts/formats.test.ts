import { describe, expect, it } from 'vitest'
import { readMeasurements } from '../../../src/sources/artifacts/read-measurements.ts'
import { fixture, lines, read } from './figures.ts'

/** Every figure of these, with its unit, direction and class, stands in test/golden/artifacts. */
const GOLDEN = [
  'medianest-run.json', 'medianest-bench.json', 'k6-handle-summary.json', 'k6-summary-export.json', 'k6-out.ndjson', 'autocannon-failed.json', 'artillery.json', 'vegeta-report.json', 'vegeta-encode.ndjson', 'hey.csv', 'oha.json',
  'hyperfine.json', 'wrk.txt', 'ab-failed.txt', 'vitest-bench.json', 'tinybench.json', 'lighthouse-1.json', 'size-limit-time.json', 'reference-baseline.json', 'measurements.json',
]

describe('every figure of a file', () => {
  it.each(GOLDEN)('is read from %s as its golden table says', async (name) => {
    const found = await read(name)
    const { cpu, cores, memoryBytes, os, tool, plan } = found.surroundings
    const taken = found.takenAt === null ? 'not known' : new Date(found.takenAt).toISOString()
    const head = [`format ${found.format}`, `taken at ${taken}`, `on ${JSON.stringify({ cpu, cores, memoryBytes, os })}`, `by ${String(tool)}, plan ${String(plan)}`]
    const text = [...head, '', ...lines(found), '', ...found.notes.map((note) => `note: ${note}`), ''].join('\n')
    await expect(text).toMatchFileSnapshot(`../../golden/artifacts/${name}.txt`)
  })
})

describe('the units of the tools', () => {
  const TABLE: readonly (readonly [string, string, string])[] = [
    ['k6 has milliseconds', 'k6-handle-summary.json', 'http.duration p(95) = 7.68817605 ms ↓ sampled'],
    ['autocannon has whole milliseconds', 'autocannon.json', 'http.duration p(97.5) = 2 ms ↓ sampled ±1'],
    ['Artillery has milliseconds, its median is the p50', 'artillery.json', 'http.duration p(50) / = 1 ms ↓ sampled ±1'],
    ['vegeta has nanoseconds: 2223002', 'vegeta-report.json', 'http.duration p(95) = 2.223002 ms ↓ sampled'],
    ['oha has seconds: 0.0214', 'oha.json', 'http.duration p(95) = 21.4 ms ↓ sampled'],
    ['hyperfine has seconds, and every time', 'hyperfine.json', 'time node -e 0 = 153.678665 169.294719 151.810094 157.095187 147.734661 ms ↓ sampled'],
    ['wrk has a unit in each cell: 395.13us', 'wrk.txt', 'http.duration avg = 0.39513 ms ↓ sampled'],
    ['wrk has a unit in each cell: 4.40ms', 'wrk.txt', 'http.duration p(99) = 4.4 ms ↓ sampled'],
    ["wrk's megabyte is 2^20: 1.72MB", 'wrk.txt', 'data.received rate = 1803550.72 bytes_per_second · sampled'],
    ["ab's kilobyte is 1024: 269.44 [Kbytes/sec]", 'ab-failed.txt', 'data.received rate = 275906.56 bytes_per_second · sampled'],
    ['vitest bench has milliseconds', 'vitest-bench.json', 'time p(50) a.bench.ts > sort > large = 0.063184 ms ↓ sampled'],
    ["tinybench's table has nanoseconds", 'tinybench-table.json', 'time avg large = 0.120141837 ms ↓ sampled'],
    ["tinybench's table groups thousands: 1,500,495", 'tinybench-table.json', 'operations rate small = 1500495 per_second ↑ sampled'],
    ['tinybench 3 keeps times in latency', 'tinybench-latency.json', 'time p(50) small = 0.0004 ms ↓ sampled'],
    ['size-limit has bytes', 'size-limit.json', 'size app (gzip) = 7858 bytes ↓ exact'],
    ['size-limit has seconds of running', 'size-limit-time.json', 'running app = 102.1 ms ↓ sampled'],
    ['Lighthouse has scores of 0 to 1', 'lighthouse-1.json', 'categories:performance / = 0.88 ratio ↑ sampled'],
    ['old Lighthouse says size for transferSize', 'lighthouse-old.json', 'resource-summary:script:size / = 8887 bytes ↓ exact'],
    ['the baseline has its error rate in percent: 0.5', 'reference-baseline.json', 'http.failed rate = 0.005 ratio ↓ rate'],
    ['ours may be in any unit: 0.25 s', 'measurements.json', 'http.duration p(95) GET /search = 250 260 NaN ms ↓ sampled'],
  ]
  it.each(TABLE)('%s', async (_what, name, line) => {
    expect(lines(await read(name))).toContain(line)
  })
})

describe('failed requests', () => {
  const TABLE: readonly (readonly [string, string, string])[] = [
    ['k6 handleSummary calls the failed ones passes', 'k6-handle-summary.json', '0/80'],
    ['k6 --summary-export does too', 'k6-summary-export.json', '2/80'],
    ['autocannon: statuses of 400 and more, and errors', 'autocannon-failed.json', '669/3425'],
    ['oha: statuses and errors, not what it aborted itself', 'oha.json', '20/11500'],
    ['wrk: other statuses and socket errors', 'wrk-errors.txt', '155/828'],
    ['ab: statuses', 'ab-failed.txt', '36/200'],
    ['hey: statuses', 'hey.csv', '55/300'],
  ]
  it.each(TABLE)('%s', async (_what, name, events) => {
    expect(lines(await read(name)).filter((line) => line.startsWith('http.failed rate = '))).toEqual([expect.stringContaining(`rate of ${events}`)])
  })

  it('of ab are not the answers that only differ in length, and those of wrk are its socket errors too', async () => {
    const ab = (await fixture('ab.txt')).replace('Failed requests:        0', 'Failed requests:        7\n   (Connect: 1, Receive: 2, Length: 3, Exceptions: 1)')
    const found = await readMeasurements('ab.txt', ab)
    expect(lines(found)).toContain('http.failed rate = 0.0133333333 ratio ↓ rate of 4/300')
    expect(found.notes.join()).toContain('3 responses differed in length')
    const wrk = (await fixture('wrk-errors.txt')).replace('  Non-2xx', '  Socket errors: connect 1, read 2, write 0, timeout 4\n  Non-2xx')
    expect(lines(await readMeasurements('wrk.txt', wrk)).find((line) => line.startsWith('http.failed'))).toContain('of 162/835')
  })

  it('of Artillery are the requests without a response and the statuses of 400 and more', async () => {
    const result = JSON.parse(await fixture('artillery.json'))
    Object.assign(result.aggregate.counters, { 'http.requests': 50, 'http.responses': 45, 'http.codes.200': 42, 'http.codes.503': 3, 'errors.ETIMEDOUT': 5 })
    expect(lines(await readMeasurements('artillery.json', JSON.stringify(result)))).toContain('http.failed rate = 0.16 ratio ↓ rate of 8/50')
  })

  it('of hyperfine are noted', async () => {
    const found = await readMeasurements('h.json', (await fixture('hyperfine.json')).replace(/0\n\s+\]/, '1 ]'))
    expect(found.notes).toEqual(['1 of 5 runs of "node -e 0" ended with an error'])
  })

  it('of the zeros that k6 writes where nothing was measured, nothing is believed', async () => {
    const summary = JSON.parse(await fixture('k6-handle-summary.json'))
    for (const key of Object.keys(summary.metrics['http_req_duration{name:items}'].values)) summary.metrics['http_req_duration{name:items}'].values[key] = 0
    const found = lines(await readMeasurements('k6.json', JSON.stringify(summary)))
    expect(found).toContain('http.duration p(95) name:items = NaN ms ↓ sampled')
    expect(found).toContain('http.duration p(95) = 7.68817605 ms ↓ sampled')
  })
})

describe('what a reader should know', () => {
  const TABLE: readonly (readonly [string, RegExp])[] = [
    ['autocannon.json', /no p95/],
    ['autocannon-rate.json', /given a rate .* factor of 1000/],
    ['wrk.txt', /no p95/],
    ['wrk-errors.txt', /--latency/],
    ['k6-handle-summary.json', /1 of k6's own 5 thresholds was crossed: http_req_duration: p\(99\)<1/],
    ['k6-summary-export.json', /2 of k6's own 5 thresholds were crossed: .*http_req_failed: rate<0.01/],
    ['artillery.json', /Artillery's own request rate, 8\/s/],
    ['hey.csv', /without a response/],
    ['lighthouse-2.json', /slower CPU/],
    ['size-limit-time.json', /no size of "app"/],
    ['reference-baseline.json', /response time \+10%, throughput -10%, error rate \+2 points/],
  ]
  it.each(TABLE)('%s: %s', async (name, pattern) => {
    expect((await read(name)).notes.join('\n')).toMatch(pattern)
  })

  it('nothing is said of a correction that autocannon did not make', async () => {
    expect((await read('autocannon.json')).notes.join('\n')).not.toContain('given a rate')
  })
})

describe('a run in slices or as a whole', () => {
  it('our run gives a value for each of its windows', async () => {
    expect(lines(await read('medianest-run.json'))).toContain('http.duration p(95) = 12.607 6.859 5.831 7.339 9.102 8.043 ms ↓ sampled')
  })

  it('or one for all of it', async () => {
    expect(lines(await read('medianest-run.json', { per: 'run' }))).toContain('http.duration p(95) = 9.783 ms ↓ sampled')
  })

  it('is the same inside the envelope of --format json', async () => {
    expect(lines(await read('medianest-envelope.json'))).toEqual(lines(await read('medianest-run.json')))
  })

  it('k6 requests are gathered in slices of the length that is asked for', async () => {
    expect(lines(await read('k6-out.ndjson', { sliceMs: 5_000 }))).toContain('http.failed rate = 0.04 0.04 ratio ↓ rate of 1/25 1/25')
    expect(lines(await read('k6-out.ndjson', { per: 'run' }))).toContain('http.failed rate = 0.04 ratio ↓ rate of 2/50')
  })

  it('a short last window is left out', async () => {
    const run = JSON.parse(await fixture('medianest-run.json'))
    run.timeline.push({ ...run.timeline[0], at: 6.002, duration: 0.2 })
    const { series } = await readMeasurements('run.json', JSON.stringify(run))
    expect(series[0]?.values).toHaveLength(6)
  })

  it('Artillery tells whole periods of ten seconds', async () => {
    const result = JSON.parse(await fixture('artillery.json'))
    result.intermediate = [0, 1, 1, 1, 0].map((index) => result.intermediate[index])
    const found = lines(await readMeasurements('artillery.json', JSON.stringify(result)))
    expect(found).toContain('http.requests rate = 3.6 3.6 3.6 per_second ↑ sampled ±0.1')
    expect(found).toContain('http.duration p(95) / = 2 2 2 ms ↓ sampled ±1')
  })

  it('several runs of wrk or ab in one text are several values', async () => {
    const [wrk, ab] = await Promise.all([fixture('wrk.txt'), fixture('ab.txt')])
    expect(lines(await readMeasurements('wrk.txt', wrk + wrk.replace('11129.28', '9000.00')))).toContain('http.requests rate = 11129.28 9000 per_second ↑ sampled')
    expect(lines(await readMeasurements('ab.txt', ab + ab.replace('1573.29', '1500.00')))).toContain('http.requests rate = 1573.29 1500 per_second ↑ sampled')
  })

  it('several Lighthouse reports in one list are several values', async () => {
    const reports = await Promise.all([1, 2, 3].map((number) => fixture(`lighthouse-${number}.json`)))
    const found = await readMeasurements('runs.json', `[${reports.join(',')}]`)
    expect(lines(found)).toContain('total-blocking-time / = 457 420.77435 396.5 ms ↓ sampled')
    expect(lines(found)).toContain('environment.benchmarkIndex / = 1677 928.5 1584.5 count · sampled')
  })
})
