import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readMeasurements } from '../../../src/sources/artifacts/read-measurements.ts'
import { fixture, lines } from './figures.ts'

const START = Date.UTC(2026, 10, 21)
/** Requests of the run; more by hand: `REQUESTS=1000000 npx vitest run test/sources/artifacts/streamed.test.ts`. */
const REQUESTS = Number(process.env.REQUESTS ?? 200_000)

/** What k6 writes of so many requests, a thousand a second, one in a hundred failed, times of 10 to 29 ms; made as it is read. */
async function* k6Lines(requests: number): AsyncGenerator<Uint8Array> {
  const declared = [['http_req_duration', 'trend', 'time'], ['http_reqs', 'counter', 'default'], ['http_req_failed', 'rate', 'default']]
  yield Buffer.from(declared.map(([metric, type, contains]) => `${JSON.stringify({ type: 'Metric', data: { name: metric, type, contains, thresholds: [], submetrics: null }, metric })}\n`).join(''))
  for (let first = 0; first < requests; first += 500) {
    let text = ''
    for (let request = first; request < Math.min(first + 500, requests); request++) {
      const time = new Date(START + request).toISOString()
      const tags = '"tags":{"method":"GET","name":"items","scenario":"default","status":"200","url":"http://127.0.0.1:8080/api/items"}'
      text += `{"metric":"http_reqs","type":"Point","data":{"time":"${time}","value":1,${tags}}}\n`
      text += `{"metric":"http_req_duration","type":"Point","data":{"time":"${time}","value":${10 + (request % 20)},${tags}}}\n`
      text += `{"metric":"http_req_failed","type":"Point","data":{"time":"${time}","value":${request % 100 === 0 ? 1 : 0},${tags}}}\n`
    }
    yield Buffer.from(text)
  }
}

/** Bytes that are held after everything that can be thrown away was. */
function held(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** The source, with what is held measured as it goes. */
async function* watched(source: AsyncIterable<Uint8Array>, seen: number[]): AsyncGenerator<Uint8Array> {
  let count = 0
  for await (const bytes of source) {
    if (count++ % 100 === 50) seen.push(held())
    yield bytes
  }
}

describe('a long run of k6', () => {
  it(`of ${REQUESTS} requests is read in bounded memory, in slices with the right figures`, async () => {
    await readMeasurements('warm', k6Lines(5_000))
    const before = held()
    const seen: number[] = []
    const { series } = await readMeasurements('k6', watched(k6Lines(REQUESTS), seen))
    const most = Math.max(...seen) - before
    if (process.env.REQUESTS !== undefined) console.log(`held at most ${(most / 1e6).toFixed(1)} MB more, in ${seen.length} looks`)
    expect(most).toBeLessThan(50e6)
    const value = (metric: string, kind: string, percent?: number): readonly number[] =>
      series.find((each) => each.metric === metric && each.statistic?.kind === kind && (each.statistic.kind !== 'p' || each.statistic.percent === percent))?.values ?? []
    const slices = REQUESTS / 2_000
    expect(value('http.requests', 'rate')).toEqual(Array(slices).fill(1_000))
    expect(value('http.duration', 'avg')).toEqual(Array(slices).fill(19.5))
    for (const p95 of value('http.duration', 'p', 95)) expect(p95).toBeCloseTo(28, 1)
    expect(value('http.failed', 'rate')).toEqual(Array(slices).fill(0.01))
    expect(value('http.requests', 'count')).toEqual([REQUESTS])
  }, 120_000)

  it('is the same as gzip, as text, and in pieces of any size', async () => {
    const text = await fixture('k6-out.ndjson')
    async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
      for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size)
    }
    const expected = lines(await readMeasurements('k6', text))
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      for (const size of [1, 7, 1_000, 1_000_000]) expect(lines(await readMeasurements('k6', pieces(bytes, size)))).toEqual(expected)
    }
  })

  it('may come as UTF-16 or with a byte order mark, as Windows writes it', async () => {
    async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      yield bytes
    }
    const text = (await fixture('wrk.txt')).replaceAll('\n', '\r\n')
    const expected = lines(await readMeasurements('wrk', text))
    expect(lines(await readMeasurements('wrk', one(Buffer.from(`\ufeff${text}`, 'utf16le'))))).toEqual(expected)
    expect(lines(await readMeasurements('wrk', one(Buffer.from(`\ufeff${text}`))))).toEqual(expected)
    expect(lines(await readMeasurements('wrk', `\ufeff${text}`))).toEqual(expected)
  })

  it('that was ended while it was written says so, and tells what there is', async () => {
    const text = await fixture('k6-out.ndjson')
    const { notes, series } = await readMeasurements('k6', text.slice(0, -30))
    expect(notes.join('\n')).toMatch(/line \d+, the last one, is cut off and left out/)
    expect(series.length).toBeGreaterThan(0)
  })

  it('in no order of time is told as a whole', async () => {
    const [declarations, points] = [(await fixture('k6-out.ndjson')).split('\n').filter((line) => line.includes('"Metric"')), (await fixture('k6-out.ndjson')).split('\n').filter((line) => line.includes('"Point"'))]
    const { series, notes } = await readMeasurements('k6', [...declarations, ...points.reverse()].join('\n'), { sliceMs: 200 })
    expect(series.every(({ values }) => values.length === 1)).toBe(true)
    expect(notes.join('\n')).toContain('not in order of time')
  })

  it('with a pause has no times in it, and no requests', async () => {
    const point = (at: number, metric: string, value: number): string => JSON.stringify({ metric, type: 'Point', data: { time: new Date(START + at).toISOString(), value, tags: null } })
    const text = [0, 100, 4_100, 6_000].flatMap((at) => [point(at, 'http_reqs', 1), point(at, 'http_req_duration', 5)]).join('\n')
    const found = lines(await readMeasurements('k6', text))
    expect(found).toContain('http.requests rate = 1 0 0.5 per_second ↑ sampled')
    expect(found).toContain('http.duration p(50) = 5 NaN 5 ms ↓ sampled')
  })

  it('a source that is left early is closed', async () => {
    let closed = false
    async function* watching(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from('{"type":"Metric","data":{"type":"trend"},"metric":"a"}\nwrong\n')
        yield Buffer.from('never')
      } finally {
        closed = true
      }
    }
    await expect(readMeasurements('k6', watching())).rejects.toThrow('line 2')
    expect(closed).toBe(true)
  })
})
