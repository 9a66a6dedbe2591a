import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { baselineMeasurements } from '../../src/commands/compare-against.ts'
import { readSources } from '../../src/commands/compare-side.ts'
import { main } from '../../src/main.ts'
import { testHost } from '../host.ts'

const RUN = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/artifacts/medianest-run.json'), 'utf8')) as { summary: Record<string, number>; environment: Record<string, unknown> } & Record<string, unknown>
const SIZES = readFileSync(join(import.meta.dirname, '../fixtures/artifacts/size-limit.json'), 'utf8')
const WOBBLE = [0, 0.01, -0.012, 0.02, -0.02, 0.005, -0.004, 0.015, -0.016, 0.008]

interface Told {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Envelope {
  readonly verdict: string
  readonly data: Record<string, never> & {
    readonly kept: number
    readonly saved: readonly { readonly verdict: string | null; readonly partial: boolean }[]
    readonly skipped: readonly string[]
    readonly removed: readonly string[]
    readonly baselines: readonly { readonly branch: string; readonly kind: string; readonly name: string | null; readonly runs: readonly { readonly verdict: string | null; readonly commit: string | null }[]; readonly figures: readonly { readonly figure: string; readonly noise: { readonly n: number } | null; readonly changes: readonly { readonly change: number; readonly measuredAt: string }[] }[]; readonly improvement?: unknown; readonly frozen?: unknown }[]
    readonly against: { readonly kind: string; readonly runs: readonly { readonly source: string }[] }
    readonly frozen: { readonly figures: readonly { readonly figure: string; readonly verdict: string }[] }
    readonly improvement: { readonly improvements: readonly { readonly category: string; readonly improvement: { readonly percentageChange: number } }[]; readonly missing: readonly string[]; readonly targetAchievement: number }
    readonly figures: readonly { readonly figure: string; readonly verdict: string; readonly n: { readonly base: number } }[]
  }
  readonly findings: readonly { readonly id: string; readonly verdict: string; readonly title: string; readonly hint?: string }[]
}

/** A project of its own: no git, no CI, unless told. */
function project(): { readonly folder: string; readonly go: (line: string, env?: Record<string, string>) => Promise<Told>; readonly json: (line: string, env?: Record<string, string>) => Promise<Envelope & Pick<Told, 'code'>>; readonly runs: (name: string, count: number, parts?: RunParts) => string; readonly baselines: string } {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-baseline-'))
  const go = async (line: string, env: Record<string, string> = {}): Promise<Told> => {
    const host = testHost(line.split(' ').filter((word) => word !== ''), { cwd: folder, env })
    return { code: await main(host), out: host.out(), err: host.err() }
  }
  return {
    folder, go,
    baselines: join(folder, '.medianest-perf/baselines'),
    json: async (line, env) => {
      const { code, out } = await go(`${line} --format json`, env)
      return { code, ...(JSON.parse(out) as Envelope) }
    },
    runs: (name, count, parts = {}) => Array.from({ length: count }, (_, nth) => {
      const file = `${name}-${nth + 1}.json`
      writeFileSync(join(folder, file), JSON.stringify(run(nth, parts)))
      return file
    }).join(' '),
  }
}

interface RunParts {
  readonly times?: number
  readonly day?: number
  readonly plan?: string
  readonly cpu?: string
  readonly partial?: boolean
  readonly verdict?: 'ok' | 'fail'
}

/** A result of a load test, a second after the one before. */
function run(nth: number, { times = 1, day = 10, plan, cpu, partial = false, verdict }: RunParts): unknown {
  const factor = times * (1 + (WOBBLE[nth % WOBBLE.length] ?? 0))
  const summary = { ...RUN.summary, p50: RUN.summary['p50']! * factor, p95: RUN.summary['p95']! * factor, avgResponseTime: RUN.summary['avgResponseTime']! * factor }
  return {
    ...RUN, summary, startedAt: new Date(Date.UTC(2026, 5, day, 8, 0, nth)).toISOString(), partial, status: partial ? 'interrupted' : 'completed',
    ...(plan === undefined ? {} : { planHash: plan }), environment: { ...RUN.environment, ...(cpu === undefined ? {} : { cpu }) },
    thresholds: verdict === undefined ? [] : [{ metric: 'http.duration', expression: 'p(95)<1', verdict, observed: 2, limit: 1 }],
  }
}

const jsonFiles = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))

describe('baseline save', () => {
  it('keeps runs by branch, the newest of them', async () => {
    const { json, runs, baselines } = project()
    expect(await json(`baseline save ${runs('a', 3)} --branch main --keep 4`)).toMatchObject({ code: 0, verdict: 'ok', data: { kept: 3, removed: [] } })
    const more = await json(`baseline save ${runs('b', 3, { day: 11 })} --branch main --keep 4`)
    expect([more.data.kept, more.data.removed.length]).toEqual([4, 2])
    expect((await json('baseline list')).data.baselines.map(({ branch, kind, runs: list }) => [branch, kind, list.length])).toEqual([['main', 'rolling', 4]])
    expect(jsonFiles(baselines)).toHaveLength(4)
  })

  it('a failing run can be recorded, and its verdict is kept and shown', async () => {
    const { json, go, runs } = project()
    const told = await json(`baseline save ${runs('bad', 1, { verdict: 'fail' })} --branch main`)
    expect([told.code, told.data.saved[0]?.verdict]).toEqual([0, 'fail'])
    expect((await json('baseline list')).data.baselines[0]?.runs[0]?.verdict).toBe('fail')
    expect((await go('baseline list')).out).toMatch(/main +rolling +1 .* fail /)
  })

  it('a run that is not whole only with --force, and nothing else is kept beside it', async () => {
    const { go, json, runs, baselines } = project()
    const files = `${runs('good', 1)} ${runs('half', 1, { partial: true, day: 12 })}`
    expect(await go(`baseline save ${files} --branch main`)).toMatchObject({ code: 65, err: expect.stringContaining('half-1.json is of a run that is not whole') as string })
    expect(existsSync(baselines)).toBe(false)
    expect((await json(`baseline save ${files} --branch main --force`)).data.saved.map(({ partial }) => partial)).toEqual([false, true])
  })

  it('a copy is no other run; the same sizes of another commit are', async () => {
    const { json, runs, folder } = project()
    const file = runs('a', 1)
    await json(`baseline save ${file} --branch main`)
    expect((await json(`baseline save ${file} --branch main`, { GITHUB_SHA: 'abcdef1' })).data).toMatchObject({ saved: [], skipped: ['a-1.json'] })
    writeFileSync(join(folder, 'sizes.json'), SIZES)
    await json('baseline save sizes.json --branch main', { GITHUB_SHA: 'abcdef1' })
    expect((await json('baseline save sizes.json --branch main', { GITHUB_SHA: 'abcdef2' })).data.saved).toHaveLength(1)
    expect((await json('baseline save sizes.json --branch main', { GITHUB_SHA: 'abcdef2' })).data.saved).toHaveLength(0)
  })

  it('knows the branch of a pull request, of git, and says when nobody does', async () => {
    const { json, go, runs, folder } = project()
    const file = runs('a', 1)
    expect(await go(`baseline save ${file}`)).toMatchObject({ code: 64, err: expect.stringContaining('the branch is not known') as string })
    expect((await json(`baseline save ${file}`, { GITHUB_HEAD_REF: 'feature/x', GITHUB_BASE_REF: 'main', GITHUB_REF_NAME: '3/merge' })).data).toMatchObject({ branch: 'feature/x' })
    mkdirSync(join(folder, '.git'))
    writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/develop\n')
    expect((await json(`baseline save ${file}`)).data).toMatchObject({ branch: 'develop' })
  })

  it('keeps them beside the configuration', async () => {
    const { folder, runs } = project()
    writeFileSync(join(folder, 'medianest-perf.yaml'), 'output:\n  strict: false\n')
    mkdirSync(join(folder, 'deep'))
    runs('a', 1)
    const host = testHost(['baseline', 'save', '../a-1.json', '--branch', 'main'], { cwd: join(folder, 'deep') })
    expect(await main(host)).toBe(0)
    expect(readdirSync(folder)).toContain('.medianest-perf')
  })

  it.each([
    ['baseline lst', 64, 'did you mean "list"?'],
    ['baseline save --branch main', 64, 'baseline save needs the files to keep'],
    ['baseline list --yes', 64, '--yes means nothing to baseline list'],
    ['baseline list --older-than 3d', 64, '--older-than means nothing to baseline list'],
    ['baseline promote main run.json', 64, 'baseline save --frozen FILE...'],
    ['baseline save nowhere.json --branch main', 65, 'there is no such file'],
    ['baseline prune', 64, 'is not told what to remove'],
  ])('%s: %i, %s', async (line, code, message) => {
    const told = await project().go(line)
    expect(told.code).toBe(code)
    expect(told.err).toContain(message)
  })
})

describe('baseline save of a budget', () => {
  it('keeps the verdict of the budget, and asks for no test where nothing varies', async () => {
    const { folder, go, json } = project()
    const { data: budget } = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/artifacts/medianest-budget.json'), 'utf8')) as { data: { results: { class: string }[] } }
    const results = budget.results.filter((result) => result.class === 'exact')
    writeFileSync(join(folder, 'b.json'), JSON.stringify({ success: true, command: 'budget', verdict: 'fail', data: { ...budget, results } }))
    expect((await json('baseline save b.json --branch main')).data.saved).toMatchObject([{ verdict: 'fail', partial: false }])
    expect((await go('baseline save b.json --branch other')).out).not.toContain('a test needs 5 runs')
  })
})

describe('compare --against', () => {
  it('compares with all runs of the branch, and what got slower fails', async () => {
    const { json, runs } = project()
    await json(`baseline save ${runs('main', 8)} --branch main`)
    const slow = await json(`compare --against main ${runs('slow', 8, { times: 1.3, day: 11 })}`)
    expect([slow.code, slow.verdict, slow.data.against.kind, slow.data.against.runs.length]).toEqual([1, 'fail', 'rolling', 8])
    expect(slow.data.figures.find(({ figure }) => figure === 'http.duration p(50)')).toMatchObject({ verdict: 'regressed', n: { base: 8 } })
    expect((await json(`compare --against main ${runs('same', 8, { day: 11 })}`)).code).toBe(0)
  })

  it.each<[string, RunParts, string, string, string]>([
    ['another machine', { cpu: 'Other CPU', day: 11 }, '', 'incomparable', 'the processor differs'],
    ['a changed plan', { plan: 'deadbeef', day: 11 }, '', 'incomparable', 'the load plan differs'],
    ['an old baseline', { day: 28 }, '', 'baseline:old', 'is 17d old, older than 14d'],
    ['an older one than was said', { day: 12 }, '--max-age 1d', 'baseline:old', 'older than 24h'],
    ['a name that nothing was saved under', { day: 11 }, '--baseline-name checkout', 'baseline:none', 'no baseline of main named "checkout"'],
    ['no frozen runs', { day: 11 }, '--frozen', 'baseline:none', 'no frozen baseline of main'],
  ])('%s is never a pass', async (_, parts, flags, id, title) => {
    const { json, runs } = project()
    await json(`baseline save ${runs('main', 8)} --branch main`)
    const told = await json(`compare --against main ${runs('head', 8, parts)} ${flags}`)
    expect([told.code, told.verdict]).toEqual([2, 'unknown'])
    expect(told.findings.find((finding) => finding.id === id)?.title).toContain(title)
  })

  it('no baseline at all is unknown, and says what to do', async () => {
    const { json, runs } = project()
    await json(`baseline save ${runs('main', 1)} --branch main`)
    const typo = await json(`compare --against mian ${runs('head', 1)}`)
    expect([typo.code, typo.findings[0]?.id, typo.findings[0]?.hint]).toEqual([2, 'baseline:none', 'did you mean "main"?'])
    expect((await json('compare --against release head-1.json')).findings[0]?.hint).toContain('baseline save FILE... --branch release')
    const itself = await json('compare --against main main-1.json')
    expect([itself.code, itself.findings[0]?.title]).toEqual([2, expect.stringContaining('nothing is compared with itself')])
  })

  it('a broken file in the baseline is named and not passed over', async () => {
    const { json, runs, baselines } = project()
    await json(`baseline save ${runs('main', 9)} --branch main`)
    const [file = ''] = jsonFiles(baselines)
    writeFileSync(join(baselines, file), readFileSync(join(baselines, file), 'utf8').slice(0, -200))
    const told = await json(`compare --against main ${runs('head', 8, { day: 11 })} --strict`)
    expect([told.code, told.verdict, told.data.against.runs.length]).toEqual([1, 'warn', 8])
    expect(told.findings[0]?.title).toContain('it is no JSON')
    expect((await json('baseline list')).verdict).toBe('warn')
  })

  it('rolling runs decide, and frozen ones tell what they no longer show', async () => {
    const { json, runs } = project()
    await json(`baseline save ${runs('old', 8, { day: 1 })} --branch main`)
    expect((await json('baseline promote main')).code).toBe(0)
    await json(`baseline save ${runs('new', 8, { times: 1.3, day: 10 })} --branch main --keep 8`)
    const head = runs('head', 8, { times: 1.3, day: 11 })
    const told = await json(`compare --against main ${head}`)
    expect([told.code, told.data.against.kind]).toEqual([0, 'rolling'])
    expect(told.data.frozen.figures.find(({ figure }) => figure === 'http.duration p(50)')?.verdict).toBe('regressed')
    expect((await json(`compare --against main ${head} --frozen`)).code).toBe(1)
    // Without rolling ones the yardstick is what there is.
    await json('baseline prune --branch main --yes')
    expect(await json(`compare --against main ${head}`)).toMatchObject({ code: 1, data: { against: { kind: 'frozen' } } })
  })

  it('sizes are compared with those of the newest run alone', async () => {
    const { json, folder } = project()
    const save = async (bytes: number, commit: string): Promise<void> => {
      writeFileSync(join(folder, 'sizes.json'), JSON.stringify([{ name: 'app', size: bytes, passed: true }]))
      await json('baseline save sizes.json --branch main', { GITHUB_SHA: commit })
    }
    for (const [nth, bytes] of [100_000, 100_000, 100_000, 150_000].entries()) await save(bytes, `abcdef${nth}`)
    expect((await json('compare --against main sizes.json')).code).toBe(0)
    writeFileSync(join(folder, 'sizes.json'), JSON.stringify([{ name: 'app', size: 160_000, passed: true }]))
    expect((await json('compare --against main sizes.json')).code).toBe(1)
  })

  it('sizes that come back to what they were are the newest again', async () => {
    const { json, folder } = project()
    const size = (bytes: number): void => writeFileSync(join(folder, 'sizes.json'), JSON.stringify([{ name: 'app', size: bytes, passed: true }]))
    for (const bytes of [100_000, 150_000, 100_000]) {
      size(bytes)
      await json('baseline save sizes.json --branch main')
    }
    size(150_000)
    expect((await json('compare --against main sizes.json')).code).toBe(1)
  })

  it('says that a baseline which changed itself is two in one', async () => {
    const { go, json, runs } = project()
    await json(`baseline save ${runs('old', 8, { day: 1 })} ${runs('new', 8, { times: 1.3, day: 10 })} --branch main`)
    expect((await go(`compare --against main ${runs('head', 8, { times: 1.3, day: 11 })}`)).out.replace(/\s+/g, ' ')).toContain('http.duration p(50) changed within the baseline itself, by +30% with its last 8 runs')
  })

  it.each([
    ['compare --against main a.json --baseline b.json', '--against and --baseline both name'],
    ['compare --against main a.json --per slice', '--per slice has nothing to stand beside'],
    ['compare a.json b.json --frozen', '--frozen means nothing without --against'],
    ['compare a.json b.json --max-age 3d', '--max-age means nothing without --against'],
  ])('%s is a mistake', async (line, message) => {
    expect(await project().go(line)).toMatchObject({ code: 64, err: expect.stringContaining(message) as string })
  })
})

describe('limits that are relative to a baseline', () => {
  it('get the kept runs that fit each result, and what stands in the way', async () => {
    const { json, runs, folder } = project()
    writeFileSync(join(folder, 'sizes.json'), SIZES)
    await json(`baseline save ${runs('main', 3)} sizes.json --branch main`)
    const host = testHost([], { cwd: folder })
    const heads = await readSources(host, [runs('head', 1, { day: 11 }), 'sizes.json'], { per: 'run' })
    const asked = { branch: 'main', dir: undefined, name: undefined, frozen: undefined, maxAgeMs: undefined }
    const { measurements, findings } = await baselineMeasurements(host, { folder: null }, asked, heads)
    expect([measurements.map(({ format }) => format), findings]).toEqual([['medianest', 'medianest', 'medianest', 'size-limit'], []])
    expect((await baselineMeasurements(host, { folder: null }, asked, [])).measurements).toHaveLength(4)
    const elsewhere = await readSources(host, [runs('other', 1, { cpu: 'Other CPU', day: 11 })], { per: 'run' })
    expect(await baselineMeasurements(host, { folder: null }, asked, elsewhere)).toMatchObject({ measurements: [], findings: [{ id: 'incomparable', verdict: 'unknown' }] })
    expect((await baselineMeasurements(host, { folder: null }, { ...asked, branch: 'dev' }, heads)).findings.map(({ id, verdict }) => [id, verdict])).toEqual([['baseline:none', 'unknown']])
  })
})

describe('baseline show', () => {
  it('tells the noise and the changes of ten runs and more, which turn no verdict', async () => {
    const { json, go, runs } = project()
    await json(`baseline save ${runs('old', 8, { day: 1 })} ${runs('new', 8, { times: 1.3, day: 10 })} --branch main`)
    const told = await json('baseline show main')
    const median = told.data.baselines[0]?.figures.find(({ figure }) => figure === 'http.duration p(50)')
    expect([told.code, told.verdict, median?.noise?.n]).toEqual([0, 'ok', 16])
    expect(median?.changes.map(({ change, measuredAt }) => [Math.round(change * 10), measuredAt])).toEqual([[3, '2026-06-10T08:00:00.000Z']])
    const { out } = await go('baseline show main')
    expect(out).toContain('newest of 16 runs')
    expect(out).toContain('bands and changes are information: they turn no verdict')
  })

  it('says how many runs it takes, and since the frozen ones how far it has come', async () => {
    const { json, go, runs } = project()
    await json(`baseline save ${runs('old', 5, { day: 1 })} --branch main --frozen`)
    await json(`baseline save ${runs('new', 5, { times: 0.5, day: 10 })} --branch main`)
    const told = await json('baseline show main')
    expect(told.data.baselines).toHaveLength(1)
    expect(told.data.baselines[0]).toMatchObject({ kind: 'rolling', improvement: { totalOptimizations: 1 }, frozen: { figures: expect.any(Array) as unknown } })
    expect((await go('baseline show main')).out.replace(/\s+/g, ' ')).toContain('need 10 runs; of medianest, plan ed1e552c there are 5')
    expect(await json('baseline show release')).toMatchObject({ code: 2, verdict: 'unknown' })
  })

  it('in a pull request it is about the branch that it wants into', async () => {
    const { json, runs } = project()
    await json(`baseline save ${runs('a', 1)} --branch main`)
    expect((await json('baseline show', { GITHUB_BASE_REF: 'main', GITHUB_HEAD_REF: 'fix' })).data).toMatchObject({ branch: 'main' })
  })
})

describe('baseline prune', () => {
  it('refuses where nobody can be asked, and removes with --yes what was meant', async () => {
    const { json, go, runs, baselines } = project()
    await json(`baseline save ${runs('a', 5)} --branch main`)
    await json(`baseline save ${runs('b', 2)} --branch feature/x`)
    await json('baseline promote main')
    expect(await go('baseline prune --keep 2')).toMatchObject({ code: 64, out: '', err: expect.stringContaining('nothing was removed') as string })
    expect(jsonFiles(baselines)).toHaveLength(12)
    expect((await json('baseline prune --keep 2 --yes')).data.kept).toBe(9)
    expect((await json('baseline prune --branch feature/x --yes')).data.kept).toBe(0)
    expect((await json('baseline prune --older-than 1s --yes')).data.kept).toBe(5)
    expect((await json('baseline prune --older-than 1s --frozen --yes')).data.kept).toBe(0)
    expect(existsSync(join(baselines, 'main'))).toBe(false)
  })

  it('does not take no age at all for an age: that would be everything', async () => {
    const { go, runs, baselines } = project()
    await go(`baseline save ${runs('a', 2)} --branch main`)
    expect(await go('baseline prune --older-than 0s --yes')).toMatchObject({ code: 64, err: expect.stringContaining('--older-than: "0s" is not a duration') as string })
    expect(jsonFiles(baselines)).toHaveLength(2)
  })

  it('says that nothing was removed where somebody said no', async () => {
    const { folder, go, runs, baselines } = project()
    await go(`baseline save ${runs('a', 2)} --branch main`)
    const host = testHost('baseline prune --branch main'.split(' '), { cwd: folder })
    const answer = { isTerminal: true, stream: Readable.from(['n\n']) as unknown as NodeJS.ReadStream } // read as a stream and nothing else
    await main({ ...host, stdin: answer, stderr: { ...host.stderr, isTerminal: true } })
    expect(host.err()).toContain('Remove 2 runs of main in')
    expect(host.out()).toMatch(/nothing was removed; 2 runs would have gone/)
    expect(jsonFiles(baselines)).toHaveLength(2)
  })
})

describe('baseline list', () => {
  it('counts runs, as its table does', async () => {
    const { go, runs } = project()
    await go(`baseline save ${runs('a', 3)} --branch main`)
    expect((await go('baseline list')).out).toContain('3 runs in .medianest-perf/baselines')
  })

  it('names the branches there are where the one that is asked for has nothing', async () => {
    const { go, runs } = project()
    await go(`baseline save ${runs('a', 1)} --branch main`)
    expect((await go('baseline list --branch mian')).out).toMatch(/no baselines of mian in [^]*there are some of main; did you mean "main"\?/)
    expect((await go('baseline list --branch main --dir elsewhere')).out).toMatch(/no baselines of main in elsewhere[^]*save one with: .* --branch main/)
  })
})

describe('compare --progress', () => {
  it('tells how far the categories have come, and which are not measured', async () => {
    const { json, folder } = project()
    const write = (name: string, ms: number, bytes: number, hits: number): void => writeFileSync(join(folder, name), JSON.stringify([
      { metric: 'http.duration', statistic: 'avg', unit: 'ms', values: [ms] }, { metric: 'size', of: 'app', unit: 'bytes', values: [bytes] }, { metric: 'size', of: 'admin', unit: 'bytes', values: [bytes] }, { metric: 'cacheHitRate', unit: '%', values: [hits] },
    ]))
    write('then.json', 800, 2_000_000, 40)
    write('now.json', 200, 1_000_000, 80)
    const { data } = await json('compare then.json now.json --progress')
    expect(data.improvement.improvements.map(({ category, improvement }) => [category, Math.round(improvement.percentageChange)])).toEqual([['apiResponseTime', 75], ['bundleSize', 50], ['cacheHitRate', 100]])
    expect(data.improvement.missing).toEqual(['databaseQueries', 'pageLoadTime', 'memoryUsage'])
    expect(data.improvement.targetAchievement).toBeCloseTo((75 / 84.8) * 100)
    expect((await json('compare then.json now.json')).data.improvement).toBeUndefined()
  })

  it('bundles of which one is new are no sum to compare', async () => {
    const { json, folder } = project()
    writeFileSync(join(folder, 'then.json'), JSON.stringify([{ name: 'app', size: 1_000, passed: true }]))
    writeFileSync(join(folder, 'now.json'), JSON.stringify([{ name: 'app', size: 900, passed: true }, { name: 'admin', size: 500, passed: true }]))
    expect((await json('compare then.json now.json --progress --gate all')).data.improvement.missing).toContain('bundleSize')
  })
})
