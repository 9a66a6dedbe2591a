import { appendFileSync, chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { counted, figure, folder, line, openLog } from './access-log/log.ts'

const problem = (code: string, words = ''): unknown => expect.objectContaining({ code, message: expect.stringContaining(words) })

describe('an access log', () => {
  it('is read from its end: what is in it at first is old', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, line().repeat(50))
    expect(await collect()).toEqual({ samples: new Map() })
    appendFileSync(path, line() + line({ status: 503, seconds: 0.03, bytes: 300 }))
    const collected = await collect(2_000)
    expect([figure(collected, 'api.request_rate'), figure(collected, 'api.bytes.rate'), figure(collected, 'api.errors')]).toEqual([1, 200, 0.5])
    expect(figure(collected, 'api.duration.avg')).toBeCloseTo(20, 5)
    expect(collected).toMatchObject({ endpoints: [{ method: 'GET', path: '/api/a', count: 2, avgMs: 20, errors: 0.5 }], notes: [] })
  })

  it('tells of each time what came in it, as endpoints what came in five minutes, and as traffic all that came so far', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, '')
    await collect()
    appendFileSync(path, line({ seconds: 0.004 }) + line({ method: 'post', status: 201, seconds: 11 }))
    await collect()
    appendFileSync(path, line({ status: 499, seconds: 0.2 }))
    const collected = await collect(200_000)
    expect([figure(collected, 'api.request_rate'), figure(collected, 'api.errors')]).toEqual([0.005, 1])
    expect(collected.endpoints).toEqual([{ method: 'GET', path: '/api/a', count: 2, avgMs: expect.closeTo(102, 9), errors: 0.5 }, { method: 'POST', path: '/api/a', count: 1, avgMs: 11_000, errors: 0 }])
    appendFileSync(path, line({ status: 499, seconds: 0.3 }))
    const { endpoints, traffic } = await collect(150_000)
    expect(endpoints).toEqual([{ method: 'GET', path: '/api/a', count: 2, avgMs: expect.closeTo(250, 9), errors: 1 }])
    expect(traffic).toEqual([
      { method: 'GET', route: '/api/a', statuses: new Map([[200, 1], [499, 2]]), buckets: [1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3], timed: 3, seconds: expect.closeTo(0.504, 9) },
      { method: 'POST', route: '/api/a', statuses: new Map([[201, 1]]), buckets: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], timed: 1, seconds: 11 },
    ])
  })

  it('that stands still says that nothing was asked, and no times', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, '')
    await collect()
    expect((await collect()).samples).toEqual(new Map([['api.request_rate', new Map([['', 0]])]]))
  })

  it('has percentiles within a thousandth', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, '')
    await collect()
    appendFileSync(path, Array.from({ length: 1_000 }, (_, index) => line({ seconds: (index + 1) / 1_000 })).join(''))
    const collected = await collect()
    for (const [percent, expected] of [[50, 500], [95, 950], [99, 990]] as const) expect(Math.abs(figure(collected, `api.duration.p${percent}`) / expected - 1)).toBeLessThan(0.001)
  })

  it('without times tells counts and errors alone', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, '')
    await collect()
    appendFileSync(path, '::1 - bob [21/Nov/2026:15:48:24 +0000] "GET /a HTTP/1.0" 404 -\n')
    const collected = await collect()
    expect([...collected.samples.keys()]).toEqual(['api.request_rate', 'api.bytes.rate', 'api.errors'])
    expect(collected.endpoints?.[0]?.avgMs).toBeNaN()
    expect(collected.traffic?.[0]).toMatchObject({ buckets: null, seconds: Number.NaN })
  })

  it('says that its lines hold no times, until one does', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, '')
    await collect()
    appendFileSync(path, '::1 - bob [21/Nov/2026:15:48:24 +0000] "GET /a HTTP/1.0" 200 10 "-" "curl/8"\n'.repeat(5))
    expect((await collect()).notes).toEqual([expect.stringContaining('hold no times')])
    expect((await collect()).notes).toEqual([expect.stringContaining('$request_time')])
    appendFileSync(path, line())
    expect((await collect()).notes).toEqual([])
  })

  it('leaves the time out that a WebSocket lived', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, '')
    await collect()
    appendFileSync(path, line({ status: 101, seconds: 3_600 }) + line({ seconds: 0.05 }))
    expect(figure(await collect(), 'api.duration.avg')).toBeCloseTo(50, 5)
  })

  it('counts what begins with the prefix, by the routes that are given', async () => {
    const { path, collect } = openLog({ prefix: '/api/', routes: ['/api/:kind/:id'] })
    writeFileSync(path, '')
    await collect()
    appendFileSync(path, line({ path: '/api/media/abc?token=s' }) + line({ path: '/api/media/def' }) + line({ path: '/index.html' }))
    expect((await collect()).traffic).toMatchObject([{ route: '/api/:kind/:id', statuses: new Map([[200, 2]]) }])
  })

  it('keeps two hundred routes apart and counts the rest together, what is not found never for itself', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, '')
    await collect()
    const name = (index: number): string => `/${String.fromCharCode(97 + (index % 26))}${String.fromCharCode(97 + Math.floor(index / 26))}`
    appendFileSync(path, Array.from({ length: 300 }, (_, index) => line({ path: name(index) })).join('') + line({ path: '/zz' }).repeat(2) + line({ path: '/wp-login.php', status: 404 }))
    const { traffic = [], endpoints = [] } = await collect()
    expect([traffic.length, endpoints.length, traffic.at(-1)?.route, endpoints[0]?.path, traffic.some(({ route }) => route.includes('wp'))]).toEqual([201, 201, '(other)', '/zz', false])
    expect(endpoints.reduce((sum, each) => sum + each.count, 0)).toBe(303)
  })
})

describe('an access log whose file changes', () => {
  const begun = async (): Promise<ReturnType<typeof openLog>> => {
    const log = openLog()
    writeFileSync(log.path, line())
    await log.collect()
    return log
  }

  it('is read to its end when it is renamed, also what is written into the old file late', async () => {
    const { path, collect } = await begun()
    appendFileSync(path, line())
    renameSync(path, `${path}.1`)
    appendFileSync(`${path}.1`, line())
    writeFileSync(path, line())
    expect(counted(await collect())).toBe(3)
    appendFileSync(`${path}.1`, line())
    appendFileSync(path, line())
    expect(counted(await collect())).toBe(5)
    // Long silent it is let go, and what comes then is of no concern.
    await collect(61_000)
    appendFileSync(`${path}.1`, line())
    expect(counted(await collect())).toBe(5)
  })

  it('survives two renames between two looks at the file that has the name now', async () => {
    const { path, collect } = await begun()
    for (const turn of [1, 2, 3]) {
      renameSync(path, `${path}.${turn}`)
      writeFileSync(path, line())
      await collect()
    }
    expect(counted(await collect())).toBe(3)
  })

  it('is read from the start when it was emptied (copytruncate), also when it has grown longer than it was', async () => {
    const { path, collect } = await begun()
    copyFileSync(path, `${path}.1`)
    truncateSync(path, 0)
    appendFileSync(path, line({ path: '/b' }))
    expect(counted(await collect())).toBe(1)
    truncateSync(path, 0)
    appendFileSync(path, line({ path: '/other' }).repeat(5))
    expect(counted(await collect())).toBe(6)
  })

  it('that is not there yet is a problem, and is read from its first line once it is', async () => {
    const { path, collect } = openLog()
    await expect(collect()).rejects.toEqual(problem('NO_LOG', 'there is no log'))
    writeFileSync(path, line())
    const collected = await collect(2_000)
    expect([counted(collected), figure(collected, 'api.request_rate')]).toEqual([1, 0.5])
  })

  it('that is removed is missed at the second look, and found again', async () => {
    const { path, collect } = await begun()
    appendFileSync(path, line())
    rmSync(path)
    expect(counted(await collect())).toBe(1)
    await expect(collect()).rejects.toEqual(problem('NO_LOG', 'not there any more'))
    await expect(collect(61_000)).rejects.toEqual(problem('NO_LOG'))
    writeFileSync(path, line())
    expect(counted(await collect())).toBe(2)
  })

  it('keeps the half line at its end for the next time, and drops the one it began within', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, line().slice(0, 40))
    await collect()
    appendFileSync(path, line().slice(40) + line().slice(0, -20))
    expect(counted(await collect())).toBe(0)
    appendFileSync(path, line().slice(-20))
    expect(await collect()).toMatchObject({ notes: [], traffic: [{ statuses: new Map([[200, 1]]) }] })
  })

  it('that grows faster than it is read leaves the older part out, says so, and tells no rate', async () => {
    const { path, collect } = openLog({}, { limits: { bytes: 1_000 } })
    writeFileSync(path, '')
    await collect()
    appendFileSync(path, line().repeat(100))
    const collected = await collect()
    expect(counted(collected)).toBe(Math.floor(1_000 / line().length))
    expect([figure(collected, 'api.request_rate'), figure(collected, 'api.errors')]).toEqual([Number.NaN, 0])
    expect(collected.notes).toEqual([expect.stringMatching(/^\d.* of the log were left out/)])
    expect((await collect()).notes).toEqual([])
  })

  it('is read for so long and no longer', async () => {
    const { path, collect } = openLog({}, { limits: { ms: 100 }, tickMs: 40 })
    writeFileSync(path, '')
    await collect()
    appendFileSync(path, line().repeat(20_000))
    const collected = await collect()
    expect(counted(collected)).toBeLessThan(20_000)
    expect(collected.notes).toEqual([expect.stringContaining('left out')])
  })

  it('stops at once when nobody waits any more, and counts each line once all the same', async () => {
    const { path, collect, source } = await begun()
    appendFileSync(path, line().repeat(3))
    await expect(source.collect(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
    expect(counted(await collect())).toBe(3)
  })

  it('gives the same counts however its bytes are cut into pieces', async () => {
    const lines = [line(), line({ status: 500 }), 'nonsense\r\n', '\n', `${'x'.repeat(70_000)}\n`, line({ path: '/caf\u00e9' }).replace('\n', '\r\n'), line({ method: 'PUT' })]
    const bytes = Buffer.concat([...lines.map((each) => Buffer.from(each)), Buffer.from([0xff, 0xfe, 10]), Buffer.from(line())])
    const countsOf = async (cuts: readonly number[]): Promise<unknown> => {
      const { path, source, collect } = openLog()
      writeFileSync(path, '')
      await collect()
      const notes: string[] = []
      let last = await collect()
      for (const [index, cut] of [...cuts, bytes.length].entries()) {
        appendFileSync(path, bytes.subarray(cuts[index - 1] ?? 0, cut))
        last = await collect()
        notes.push(...(last.notes ?? []).map((each) => each.replace(/, the first.*/, '')))
      }
      await source.close()
      const strange = notes.flatMap((each) => /^(\d+) lines? could/.exec(each)?.[1] ?? []).reduce((sum, each) => sum + Number(each), 0)
      return { traffic: last.traffic, strange, overlong: notes.filter((each) => each.includes('64 kB')).length }
    }
    const whole = await countsOf([])
    expect(whole).toMatchObject({ strange: 2, overlong: 1 })
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
      expect(await countsOf(cuts.sort((a, b) => a - b))).toEqual(whole)
    }), { numRuns: 40 })
  })

  it('holds the same few objects after ninety thousand lines of other paths each', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, '')
    await collect()
    const letters = (index: number): string => [...index.toString(26)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))).join('')
    for (let turn = 0; turn < 3; turn++) {
      appendFileSync(path, Array.from({ length: 30_000 }, (_, index) => line({ path: `/${letters(turn * 30_000 + index)}` })).join(''))
      expect(await collect()).toMatchObject({ traffic: { length: 201 }, endpoints: expect.objectContaining({ length: expect.toSatisfy((length: number) => length <= 201) }) })
    }
    expect(counted(await collect())).toBe(90_000)
  })
})

describe('what cannot be read as an access log', () => {
  it('is a folder, a pipe or a device: said clearly, and nothing waits', async () => {
    const place = folder()
    const log = openLog({}, { in: place })
    mkdirSync(log.path)
    await expect(log.collect()).rejects.toEqual(problem('NOT_A_LOG', 'is a folder, not a file'))
    rmSync(log.path, { recursive: true })
    execFileSync('mkfifo', [log.path])
    await expect(log.collect()).rejects.toEqual(problem('NOT_A_LOG', 'is a pipe, not a file'))
    rmSync(log.path)
    symlinkSync('/dev/null', log.path)
    await expect(log.collect()).rejects.toEqual(problem('NOT_A_LOG', 'is a device, not a file'))
  })

  it('is a file of others: says which group helps', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, line())
    chmodSync(path, 0)
    const isRoot = process.getuid?.() === 0
    chmodSync(join(path, '..'), 0o755)
    if (isRoot) process.seteuid?.(65_534)
    try {
      await expect(collect()).rejects.toEqual(expect.objectContaining({ code: 'LOG_FORBIDDEN', hint: expect.stringContaining('usermod -aG adm') }))
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
    chmodSync(path, 0o644)
    expect(await collect()).toEqual({ samples: new Map() })
  })

  it('are lines of another format: shows one, names the settings, and says so until there is a request', async () => {
    const { path, collect } = openLog({ format: 'common' })
    writeFileSync(path, '')
    await collect()
    appendFileSync(path, '\u001b[31mstarted\u001b[0m worker\n'.repeat(6))
    const said = expect.objectContaining({ code: 'UNKNOWN_LINES', message: expect.stringMatching(/6 of 6 lines of .*\ufffd\[31mstarted/), hint: expect.stringContaining('log_format') })
    await expect(collect()).rejects.toEqual(said)
    await expect(collect()).rejects.toEqual(said)
    appendFileSync(path, line())
    expect(await collect()).toMatchObject({ traffic: [{ route: '/api/a' }] })
  })

  it('are JSON lines without a single request', async () => {
    const { path, collect } = openLog()
    writeFileSync(path, '')
    await collect()
    appendFileSync(path, '{"level":30,"msg":"listening"}\n'.repeat(25))
    await expect(collect()).rejects.toEqual(problem('UNKNOWN_LINES', 'listening'))
  })

  it('is a configuration that contradicts itself', () => {
    expect(() => openLog({ format: 'json', pattern: '$status $uri' })).toThrow(problem('CLASHING_FORMAT'))
    expect(() => openLog({ format: 'common', fields: { status: 's' } })).toThrow(problem('CLASHING_FORMAT'))
    expect(() => openLog({ routes: 'media' })).toThrow(problem('BAD_ROUTE', '"media" is no route'))
  })
})
