import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/model/error.ts'
import type { Measurements } from '../../../src/model/measurements.ts'
import { readMeasurements } from '../../../src/sources/artifacts/read-measurements.ts'
import { fixture, lines } from './figures.ts'

const NAMES = readdirSync(new URL('../../fixtures/artifacts/', import.meta.url))

async function* bytes(...pieces: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece
}

/** What was read, or the problem; anything that is no UserError is a crash. */
async function readOrRefuse(source: Parameters<typeof readMeasurements>[1]): Promise<Measurements | UserError> {
  try {
    return await readMeasurements('x', source)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

describe('a broken file', () => {
  const TABLE: readonly (readonly [string, string, RegExp, number | undefined])[] = [
    ['nothing', '', /^x is empty$/, undefined],
    ['blanks', ' \n\n ', /^x is empty$/, undefined],
    ['JSON that ends too early', '{\n "a": [1,\n 2', /is cut off: the JSON does not end, at line 3/, 3],
    ['JSON that ends in a text', '{\n "a": "b', /is cut off: the JSON does not end, at line 2/, 2],
    ['a comma too much', '{\n "a": 1,\n}', /no JSON from line 3 on: "}"/, 3],
    ['a word that is none', '[1,\n NaN]', /no JSON from line 2 on: "NaN]"/, 2],
    ['something behind it', '{}\n{}', /no JSON from line 2 on: "{}"/, 2],
    ['a bracket that does not fit', '[1}', /no JSON from line 1 on: "}"/, 1],
    ['a line of k6 that is none', '{"type":"Metric","data":{"type":"trend"},"metric":"a"}\nhello\n', /line 2 is no JSON record: "hello"/, 2],
    ['a point of k6 without a time', '{"type":"Point","data":{"value":1},"metric":"http_reqs"}\n', /line 1 has no time or no value/, 1],
    ['a record of vegeta without latency', '{"attack":"","latency":null,"timestamp":"2026-11-21T01:00:00Z","code":200}\n', /line 1 has no latency/, 1],
    ['a row of hey that is none', 'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n1,2\n', /line 2 is no row of hey's: "1,2"/, 2],
    ['wrk without its end', 'Running 2s test @ http://x\n  Thread Stats   Avg\n', /is cut off/, undefined],
    ['ab that gave up', 'This is ApacheBench, Version 2.3\nBenchmarking 127.0.0.1 (be patient)\napr_socket_recv: Connection refused (111)\n', /ab did not get to its end/, undefined],
    ['a unit that is not known', '{"metric":"a","unit":"furlong","values":[1]}', /figure 1 \(a\) has the unit "furlong"; known are ms, bytes/, undefined],
    ['a time below nothing', '{"metric":"a","unit":"ms","values":[-1]}', /a is -1, which cannot be/, undefined],
    ['a share above all', '{"metric":"http.failed","unit":"ratio","values":[1.5]}', /http.failed is 1.5, which cannot be/, undefined],
  ]
  it.each(TABLE)('%s is told', async (_what, text, message, line) => {
    const problem = await readOrRefuse(text)
    expect(problem).toBeInstanceOf(UserError)
    expect((problem as UserError).message).toMatch(message)
    expect((problem as UserError).where?.line).toBe(line)
  })

  it('a run of another version is refused', async () => {
    const run = { ...JSON.parse(await fixture('medianest-run.json')), version: 7 }
    await expect(readMeasurements('x', JSON.stringify(run))).rejects.toThrow('version 7, version 1 is known')
  })

  it('a run that lacks something says what', async () => {
    const run = JSON.parse(await fixture('medianest-run.json'))
    delete run.summary.p95
    await expect(readMeasurements('x', JSON.stringify(run))).rejects.toThrow('"summary.p95" is missing')
  })

  it('a load test that failed and a page that Lighthouse could not load hold no result', async () => {
    await expect(readMeasurements('x', '{"success":false,"command":"load","error":{"code":"A","message":"no target"}}')).rejects.toThrow('x holds no result: the load test says "no target"')
    await expect(readMeasurements('x', await fixture('lighthouse-failed.json'))).rejects.toThrow('Lighthouse says "The page did not paint any content."')
  })

  it('gzip that ends too early, or is damaged, is told', async () => {
    const packed = gzipSync(await fixture('k6-out.ndjson'))
    await expect(readMeasurements('x', bytes(packed.subarray(0, packed.length - 20)))).rejects.toThrow('the gzip data does not end')
    await expect(readMeasurements('x', bytes(Buffer.concat([packed.subarray(0, 40), Buffer.alloc(60, 255)])))).rejects.toThrow('its gzip data is damaged')
  })

  it('what the source throws is passed on', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"a":')
      throw new Error('disk on fire')
    }
    await expect(readMeasurements('x', failing())).rejects.toThrow('disk on fire')
  })
})

describe('a file cut off anywhere', () => {
  it.each(NAMES)('%s gives all of it, or a problem, or says that its last line is cut off', async (name) => {
    const text = await fixture(name)
    const whole = await readOrRefuse(text)
    const expected = whole instanceof UserError ? [] : lines(whole)
    const streamed = /ndjson|csv/.test(name)
    const step = Math.max(1, Math.floor(text.length / 150))
    const ends = [...Array(160).keys()].map((index) => text.length - index).concat([...Array(150).keys()].map((index) => index * step)).filter((end) => end >= 0)
    for (const end of new Set(ends)) {
      const found = await readOrRefuse(text.slice(0, end))
      if (found instanceof UserError) continue
      const atLineEnd = streamed && (text[end - 1] === '\n' || text[end] === '\n')
      const told = streamed && found.notes.some((note) => note.includes('is cut off and left out'))
      if (!told && !atLineEnd) expect({ end, lines: lines(found) }).toEqual({ end, lines: expected })
    }
  })
})

describe('a hostile file', () => {
  it('of any bytes never crashes', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 3 }), async (pieces) => {
      expect(await readOrRefuse(bytes(...pieces))).toBeInstanceOf(UserError)
    }), { numRuns: 300 })
  })

  it('of any JSON never crashes', async () => {
    await fc.assert(fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
      expect(await readOrRefuse(JSON.stringify(value))).toBeInstanceOf(UserError)
    }), { numRuns: 300 })
  })

  it('that is a known one with any value anywhere never crashes, and never has a figure that cannot be', async () => {
    const documents = (await Promise.all(NAMES.filter((name) => name.endsWith('.json')).map(fixture))).map((text) => JSON.parse(text) as unknown)
    await fc.assert(fc.asyncProperty(fc.constantFrom(...documents), fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), fc.oneof(fc.jsonValue(), fc.double()), async (document, path, value) => {
      const text = JSON.stringify(replaced(document, path, value)) ?? 'null'
      const found = await readOrRefuse(text)
      if (found instanceof UserError) return
      for (const series of found.series) {
        expect(series.values.length).toBeGreaterThan(0)
        expect(series.values.every((each) => Number.isNaN(each) || (Number.isFinite(each) && (each >= 0 || series.better === 'neither')))).toBe(true)
      }
    }), { numRuns: 1_500 })
  })

  it('that is nested a million deep is no file of results', async () => {
    expect((await readOrRefuse('['.repeat(1_000_000) + ']'.repeat(1_000_000)) as UserError).code).toBe('UNKNOWN_ARTIFACT')
    expect((await readOrRefuse('['.repeat(1_000_000)) as UserError).code).toBe('BROKEN_ARTIFACT')
  })

  it('with keys of prototypes reads as what it is', async () => {
    const found = await readMeasurements('x', '{"series":[{"metric":"__proto__","of":"constructor","unit":"ms","values":[1]},{"metric":"toString","unit":"B","values":[2],"__proto__":{"better":"higher"}}]}')
    expect(lines(found)).toEqual(['__proto__ constructor = 1 ms ↓ sampled', 'toString = 2 bytes ↓ exact'])
    expect((await readOrRefuse('{"__proto__":{"metric":"a","unit":"ms","values":[1]}}') as UserError).code).toBe('UNKNOWN_ARTIFACT')
    expect((await readOrRefuse('{"metric":"a","unit":"constructor","values":[1]}') as UserError).message).toContain('has the unit "constructor"')
  })

  it('with control characters has them taken out, of errors too', async () => {
    const found = await readMeasurements('x\u001b[2J', '{"metric":"a\\u001b[31m\\u202e","of":"b\\nc","unit":"ms","values":[1],"notes":["\\u0007"]}')
    expect(JSON.stringify(found)).not.toMatch(/\\u001b|\\u0007|\u202e|\\n/)
    const problem = await readOrRefuse('{"a":\u001b[31m}')
    expect((problem as UserError).message).not.toContain('\u001b')
  })

  it('of 70 MiB without a known first line is refused before it is parsed', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      const piece = Buffer.alloc(2 ** 20, 'x ')
      for (let count = 0; count < 70; count++) yield piece
    }
    expect((await readOrRefuse(endless()) as UserError).code).toBe('ARTIFACT_TOO_LARGE')
  })

  it('of blank lines, blanks or one long text takes no more than its length', async () => {
    const long = 2_000_000
    const hard = ['\n'.repeat(long), ' '.repeat(long) + 'x', `Running 1s test @ x\n  Thread Stats   Avg${'\n'.repeat(long)}x`, `This is ApacheBench\nBenchmarking ${' \n'.repeat(long)}`, `{"a":"${'x'.repeat(long * 5)}`, `{"a":"${'\\\\'.repeat(long)}`]
    for (const text of hard) expect(await readOrRefuse(text)).toBeInstanceOf(UserError)
  })

  it('with one endless line of k6 is refused', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"type":"Metric","data":{"type":"trend"},"metric":"a"}\n{"x":"')
      const piece = Buffer.alloc(2 ** 20, 'x')
      for (let count = 0; count < 20; count++) yield piece
    }
    expect((await readOrRefuse(endless()) as UserError).message).toContain('line 2 is longer than 16 MiB')
  })
})

/** The document with one value deep in it replaced; `path` chooses the way. */
function replaced(document: unknown, path: readonly number[], value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined || document === null || typeof document !== 'object') return value
  const keys = Object.keys(document)
  const key = keys[step % Math.max(1, keys.length)]
  if (key === undefined) return value
  const inner = replaced((document as Record<string, unknown>)[key], rest, value)
  return Array.isArray(document) ? document.map((each: unknown, index) => (String(index) === key ? inner : each)) : { ...document, [key]: inner }
}
