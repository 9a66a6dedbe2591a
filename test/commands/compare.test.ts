import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { main } from '../../src/main.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { testHost } from '../host.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures/artifacts')
const folder = mkdtempSync(join(tmpdir(), 'medianest-compare-'))

interface Envelope {
  readonly verdict: Verdict
  readonly data: {
    readonly verdicts: Readonly<Record<string, number>>
    readonly figures: readonly { readonly figure: string; readonly gates: boolean; readonly verdict: string }[]
    readonly preset?: { readonly preset: string; readonly hasRegression: boolean; readonly regressions: readonly { readonly metric: string; readonly severity: string }[]; readonly summary: string }
  }
  readonly findings: readonly { readonly id: string; readonly verdict: Verdict; readonly title: string }[]
}

interface Told {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly json: () => Envelope
}

async function compare(argv: readonly string[], stdin?: string): Promise<Told> {
  const host = testHost(['compare', ...argv], { cwd: folder })
  const code = await main(stdin === undefined ? host : { ...host, stdin: { isTerminal: false, stream: Readable.from([Buffer.from(stdin)]) as unknown as NodeJS.ReadStream } })
  return { code, out: host.out(), err: host.err(), json: () => JSON.parse(host.out()) as Envelope }
}

const inJson = (...argv: string[]): Promise<Told> => compare([...argv, '--format', 'json'])
const gatesOf = ({ data }: Envelope): string[] => data.figures.filter(({ gates }) => gates).map(({ figure, verdict }) => `${figure}: ${verdict}`)

let files = 0
function file(content: unknown, name = `made-${++files}.json`): string {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return name
}

function times(values: readonly (number | null)[], more: readonly unknown[] = [], surroundings: Readonly<Record<string, unknown>> = {}): string {
  return file({ surroundings, series: [{ metric: 'http.duration', statistic: 'p50', unit: 'ms', values }, ...more] })
}

const EIGHT = [100, 101, 99, 102, 98, 100.5, 99.5, 101.5]
const by = (factor: number): number[] => EIGHT.map((value) => value * factor)
const size = (bytes: number, name = 'app'): unknown => ({ metric: 'size', of: name, unit: 'bytes', values: [bytes] })

describe('compare', () => {
  it.each<[string, () => string[], number, number, Verdict, string]>([
    ['what got slower fails', () => [times(EIGHT), times(by(1.2))], 1, 1, 'fail', 'compare:http.duration p(50)'],
    ['what got faster passes', () => [times(EIGHT), times(by(0.8))], 0, 0, 'ok', 'compare:http.duration p(50)'],
    ['what stayed passes', () => [times(EIGHT), times(by(1.001))], 0, 0, 'ok', 'compare:http.duration p(50)'],
    ['too few runs cannot tell, which --strict does not let pass', () => [times([100]), times([110])], 0, 2, 'warn', 'compare:http.duration p(50)'],
    ['even one run a side shows a huge change', () => [times([100]), times([300])], 1, 1, 'fail', 'compare:http.duration p(50)'],
    ['a bundle that grew fails', () => [file([size(100_000)]), file([size(110_000)])], 1, 1, 'fail', 'compare:size app'],
    ['a bundle that grew a little passes', () => [file([size(100_000)]), file([size(100_500)])], 0, 0, 'ok', 'compare:size app'],
    ['other processors are no answer', () => [times(EIGHT, [], { cpu: 'Ryzen 5' }), times(EIGHT, [], { cpu: 'Xeon E5' })], 2, 2, 'unknown', 'incomparable'],
    ['--force does not make them one', () => [times(EIGHT, [], { cpu: 'Ryzen 5' }), times(EIGHT, [], { cpu: 'Xeon E5' }), '--force'], 2, 2, 'unknown', 'incomparable'],
    ['nor are other tools', () => [join(FIXTURES, 'ab.txt'), join(FIXTURES, 'wrk.txt')], 2, 2, 'unknown', 'incomparable'],
    ['a value that is missing never passes', () => [times(EIGHT), times([...by(1).slice(1), null])], 2, 2, 'unknown', 'compare:http.duration p(50)'],
    ['nor does a size that is missing', () => [file([size(5_000)]), file([{ ...(size(0) as object), values: [null] }])], 2, 2, 'unknown', 'compare:size app'],
    ['a figure that one side lacks never passes', () => [file([size(5_000), size(6_000, 'admin')]), file([size(5_000)])], 2, 2, 'unknown', 'compare:size admin'],
    ['nothing in common is no answer', () => [file([size(5_000)]), file([{ metric: 'frames', unit: '/s', values: [60] }])], 2, 2, 'unknown', 'nothing-in-common'],
    ['nothing that decides is no answer', () => [file([{ metric: 'frames', unit: '/s', values: [60] }]), file([{ metric: 'frames', unit: '/s', values: [60] }])], 2, 2, 'unknown', 'nothing-decides'],
    ['a name that means nothing is no answer', () => [times(EIGHT), times(EIGHT), '--gate', 'http.durration'], 2, 2, 'unknown', 'gate:http.durration'],
  ])('%s', async (_, make, code, strictCode, verdict, finding) => {
    const argv = make()
    const told = await inJson(...argv)
    expect(told.code).toBe(code)
    expect(told.json().verdict).toBe(verdict)
    expect(told.json().findings.map(({ id }) => id)).toContain(finding)
    expect((await inJson(...argv, '--strict')).code).toBe(strictCode)
  })

  it('shows no numbers of what was not measured alike, unless told to', async () => {
    const sides = [times(EIGHT, [], { cpu: 'Ryzen 5' }), times(by(2), [], { cpu: 'Xeon E5' })]
    expect((await inJson(...sides)).json().data.figures).toEqual([])
    expect(gatesOf((await inJson(...sides, '--force')).json())).toEqual(['http.duration p(50): incomparable'])
  })

  it('takes the files of a side as its samples', async () => {
    const [before, after] = [1, 1.2].map((factor) => by(factor).map((value) => times([value]))) as [string[], string[]]
    const told = (await inJson(...after, '--baseline', ...before)).json()
    expect(gatesOf(told)).toEqual(['http.duration p(50): regressed'])
    expect(told.findings[0]?.title).toContain('8 and 8 runs')
    // The same in other words: the flag may be repeated.
    expect((await inJson(...after, ...before.flatMap((name) => ['--baseline', name]))).json().findings).toEqual(told.findings)
  })

  it('says in words what one run a side cannot tell', async () => {
    const { out } = await compare([join(FIXTURES, 'k6-handle-summary.json'), file(readFileSync(join(FIXTURES, 'k6-handle-summary.json'), 'utf8'), 'again.json')])
    const words = out.replace(/\s+/g, ' ')
    expect(words).toContain('so few runs cannot tell a change from noise; a test needs 5 a side')
    expect(words).toContain('each side is a single file: what differs from one run to the next')
  })

  it.each([
    ['ab.txt', ['http.duration p(50): inconclusive', 'http.failed rate: inconclusive']],
    ['wrk.txt', ['http.duration p(50): inconclusive', 'http.failed rate: unchanged']],
    ['hyperfine.json', ['time node -e 0: inconclusive']],
    ['tinybench-table.json', ['time avg small: inconclusive', 'time avg large: inconclusive']],
    ['lighthouse-1.json', ['largest-contentful-paint /: inconclusive', 'total-byte-weight /: unchanged']],
    ['size-limit.json', ['size app (brotli, default): unchanged', 'size app (gzip): unchanged', 'size app (raw): unchanged']],
  ])('of %s the middle of the times, the errors and the sizes decide', async (name, gates) => {
    const path = join(FIXTURES, name)
    const told = (await inJson(path, file(readFileSync(path, 'utf8'), `copy-of-${name}`))).json()
    expect(gatesOf(told)).toEqual(expect.arrayContaining(gates))
    expect(gatesOf(told).filter((gate) => !gate.includes(': unchanged'))).toEqual(gates.filter((gate) => !gate.includes(': unchanged')))
  })

  it('lets somebody say what decides, by any name of a metric', async () => {
    const p95 = (factor: number): unknown => ({ metric: 'http_req_duration', statistic: 'p95', unit: 'ms', values: by(factor) })
    const sides = [times(EIGHT, [p95(2)]), times(by(1), [p95(4)])]
    expect((await inJson(...sides)).code).toBe(0)
    expect((await inJson(...sides, '--gate', 'response_time p(95)')).code).toBe(1)
    expect(gatesOf((await inJson(...sides, '--gate', 'all')).json())).toEqual(['http.duration p(50): unchanged', 'http.duration p(95): regressed'])
    expect(gatesOf((await inJson(...sides, '--gate', 'http.duration')).json())).toEqual(['http.duration p(50): unchanged'])
  })

  it('takes other limits', async () => {
    const sides = [times(EIGHT), times(by(1.05))]
    expect((await inJson(...sides)).code).toBe(1)
    expect((await inJson(...sides, '--min-effect', '8%')).code).toBe(0)
    expect((await compare([...sides, '--alpha', '0'])).code).toBe(64)
  })

  it.each<[string, 'tiers' | 'simple', number, number, number, readonly string[]]>([
    ['nothing worse', 'tiers', 1.05, 0, 0, []],
    ['a little worse warns', 'tiers', 1.2, 0, 1, ['Response Time (P95) minor']],
    ['much worse fails', 'tiers', 1.6, 1, 1, ['Response Time (P95) critical']],
    ['a little worse warns', 'simple', 1.3, 0, 1, ['response_time_p95 warning']],
    ['much worse fails', 'simple', 1.6, 1, 1, ['response_time_p95 critical']],
  ])('%s: the preset %s decides by its limits', async (_, preset, factor, code, strictCode, regressions) => {
    const baseline = JSON.parse(readFileSync(join(FIXTURES, 'reference-baseline.json'), 'utf8')) as { metrics: { responseTime: { p95: number } } }
    const after = structuredClone(baseline)
    after.metrics.responseTime.p95 *= factor
    const argv = [file(baseline), file(after), '--preset', preset]
    const told = await inJson(...argv)
    expect([told.code, (await inJson(...argv, '--strict')).code]).toEqual([code, strictCode])
    const { data } = told.json()
    expect(data.preset?.preset).toBe(preset)
    expect(data.preset?.hasRegression).toBe(regressions.length > 0)
    expect(data.preset?.regressions.map(({ metric, severity }) => `${metric} ${severity}`)).toEqual(regressions)
  })

  it('a preset says nothing of results that were not measured alike', async () => {
    const told = await inJson(times(EIGHT, [], { cpu: 'Ryzen 5' }), times(by(3), [], { cpu: 'Xeon E5' }), '--preset', 'simple')
    expect(told.code).toBe(2)
    expect(told.json().data.preset).toBeUndefined()
  })

  it('a preset does not pass what it could not look at', async () => {
    expect((await inJson(times([100]), times([100]), '--preset', 'tiers')).code).toBe(2)
  })

  it('reads stdin, once', async () => {
    const before = times(EIGHT)
    const after = JSON.stringify({ metric: 'http.duration', statistic: 'p50', unit: 'ms', values: by(1.2) })
    expect((await compare([before, '-'], after)).code).toBe(1)
    expect(await compare(['-', '-'], after)).toMatchObject({ code: 64, err: expect.stringContaining('stdin (-) is given twice') as string })
  })

  it.each([
    ['a file that is not there', ['nowhere.json'], 65, 'nowhere.json cannot be read: there is no such file'],
    ['a folder', ['.'], 65, '. cannot be read: it is a directory'],
    ['a file that no tool wrote', [file('{"hello": "world"}')], 65, 'is no file of results that is known here'],
    ['nothing to compare with', [], 64, 'there is nothing to compare'],
  ])('%s is an error that says so', async (_, current, code, message) => {
    const told = await compare([times([100]), ...current])
    expect(told.out).toBe('')
    expect(told.code).toBe(code)
    expect(told.err).toContain(message)
  })

  it('says when the sides were measured long apart', async () => {
    const at = (takenAt: string): string => file({ takenAt, series: [{ metric: 'http.duration', statistic: 'p50', unit: 'ms', values: EIGHT }] })
    const morning = at('2026-01-01T08:00:00Z')
    expect((await compare([morning, at('2026-01-01T10:00:00Z')])).out).toContain('the sides were measured 2h apart')
    expect((await compare([morning, at('2026-01-01T08:10:00Z')])).out).not.toContain('apart')
  })

  it('a file that is given twice is no second run', async () => {
    const name = times([100])
    expect(await compare([times([90]), name, `./${name}`])).toMatchObject({ code: 64, err: expect.stringContaining('is given twice') as string })
    const { out } = await compare([times([90]), name, times([100])])
    expect(out).toContain('name all of its files with --baseline')
    expect(out).toContain(`current: made-${files}.json holds the same figures as ${name}`)
  })

  it('JUnit skips what cannot be told, with the reason', async () => {
    const { out } = await compare([times([100]), times([110]), '--format', 'junit'])
    expect(out).toContain('tests="1" failures="0" errors="0"')
    expect(out).toMatch(/<skipped message="http.duration p\(50\) inconclusive: \+10%, 1 and 1 run/)
  })

  it('Markdown has a table of what changed, GitHub an error for it', async () => {
    const sides = [times(EIGHT), times(by(1.2))]
    expect((await compare([...sides, '--format', 'markdown'])).out).toMatch(/\| http\.duration p\(50\) \| 100 ms \| 120 ms \| \+20% \| regressed \| \+[\d.]+% to \+[\d.]+% \|/)
    expect((await compare([...sides, '--format', 'github'])).out).toContain('::error title=compare%3Ahttp.duration p(50)::http.duration p(50) regressed')
  })

  it('ends when it is interrupted while it waits for stdin', async () => {
    const host = testHost(['compare', times([100]), '-', '--format', 'json'], { cwd: folder })
    const ended = main({ ...host, stdin: { isTerminal: false, stream: new Readable({ read: () => undefined }) as unknown as NodeJS.ReadStream } })
    setTimeout(() => host.interrupt('SIGINT'), 100)
    expect(await ended).toBe(130)
  })

  it('says once that the sides are not alike, whatever each of them lacks, and shortens hashes', async () => {
    const plans = ['a', 'b'].map((letter) => letter.repeat(64))
    const names = Array.from({ length: 12 }, (_, nth) => `bundle-${nth}`)
    const { json, out } = await inJson(times(EIGHT, [], { plan: plans[0] }), times(EIGHT, names.map((name) => size(1_000, name)), { plan: plans[1] }))
    expect(json().findings.map(({ id }) => id)).toEqual(['incomparable'])
    expect(json().findings[0]?.title).toContain('the load plan differs: aaaaaaaa, then bbbbbbbb')
    expect(out).not.toContain(`current side only: ${names.join(', ')}`)
  })

  it('says once which figures one side lacks where there are many', async () => {
    const names = Array.from({ length: 12 }, (_, nth) => `bundle-${nth}`)
    const { json } = await inJson(file({ series: [size(10)] }), file({ series: [size(10), ...names.map((name) => size(10, name))] }))
    expect(json().findings.map(({ title }) => title)).toEqual([expect.stringMatching(/^12 figures that decide are on the current side only: size bundle-0, .* and 7 more$/), expect.stringContaining('size app unchanged')])
  })

  it('has nothing to say about noise where sizes alone decide', async () => {
    expect((await compare([file({ series: [size(10)] }), file({ series: [size(10)] })])).out).not.toMatch(/single file|not known on both sides/)
    expect((await compare([times(EIGHT), times(EIGHT)])).out).toMatch(/single file[^]*not known on both sides/)
  })

  it('shows no digits of noise, and the interval in 80 columns', async () => {
    const host = testHost(['compare', times(EIGHT, [{ metric: 'http.failed', statistic: 'rate', unit: 'ratio', values: EIGHT.map(() => 0.0123) }]), times(by(1.0000167), [{ metric: 'http.failed', statistic: 'rate', unit: 'ratio', values: EIGHT.map(() => 0.0223) }]), '--gate', 'all'], { cwd: folder, columns: 80 })
    await main(host)
    expect(host.out()).not.toMatch(/more column|0\.00\d*%/)
    expect(host.out()).toMatch(/ 0% {2}unchanged +-\S+% to \+\S+%\n/)
  })
})
