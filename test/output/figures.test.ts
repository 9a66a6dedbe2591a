import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Figure } from '../../src/model/figure.ts'
import { report } from '../../src/model/report.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { MINIMAL, OPTIONS } from './cases.ts'
import { readOpenMetrics, readPrometheus } from './exposition.ts'
import { BUDGETED, COMPARED, figure } from './figure-cases.ts'

type Name = 'prometheus' | 'openmetrics' | 'gitlab-metrics' | 'benchmark-smaller' | 'benchmark-bigger' | 'bencher'
const write = async (name: Name, figures: readonly Figure[]): Promise<string> => FORMATS[name].render(report({ ...MINIMAL, command: 'budget', figures }), OPTIONS)

/** What GitLab understands of a metrics report: lines without what follows a number sign, split as a shell would (ee/lib/gitlab/ci/parsers/metrics/generic.rb, Ruby's Shellwords). */
function readGitLab(text: string): Map<string, string> {
  const metrics = new Map<string, string>()
  for (const line of text.split('\n').map((each) => each.replace(/#.*$/, '')).filter((each) => each.trim() !== '')) {
    const words: string[] = []
    let word = ''
    for (const [whole, bare, single, double, escaped, garbage, separator] of line.matchAll(/\s*(?:([^\0\s\\'"]+)|'([^\0']*)'|"((?:[^\0"\\]|\\[^\0])*)"|(\\[^\0]?)|(\S))(\s)?/g)) {
      if (garbage !== undefined) throw new Error(`unmatched quote at ${whole}: ${line}`)
      word += bare ?? single ?? double?.replace(/\\([$`"\\\n])/g, '$1') ?? escaped?.replace(/\\(.)/, '$1') ?? ''
      if (separator !== undefined) {
        words.push(word)
        word = ''
      }
    }
    if (word !== '') words.push(word)
    metrics.set(words[0] ?? '', words[1] ?? '')
  }
  return metrics
}

/** Names and values that would break a format. */
const names = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('"', "'", '\\', '#', '\n', '}', '{', ',', '=', ' ', '\u001b', '\ud800', 'quantile', '東')), { maxLength: 6 }).map((parts) => parts.join(''))
const values = fc.oneof(fc.constant(null), fc.double({ min: -1e290, max: 1e290 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY), fc.double({ min: 0, max: 1e12, noNaN: true }), fc.maxSafeNat())
const figures = fc.uniqueArray(fc.record({ name: names, unit: fc.constantFrom('ms', 'bytes', 'ratio', 'count', 'per_second', 'bytes_per_second', 'hertz', 'celsius'), better: fc.constantFrom('lower', 'higher', 'neither'), value: values }), { selector: ({ name }) => name, maxLength: 8 })
  .map((list) => list.map(({ name, unit, better, value }) => figure(name, { unit, better, value })))

describe('figures for Prometheus', () => {
  it('are in base units, one family for each unit, with limits, baselines, changes, verdicts and the time of the run', async () => {
    const families = readPrometheus(await FORMATS.prometheus.render(BUDGETED, OPTIONS))
    expect([...families.keys()]).toEqual(['build_info', ...['value_bytes', 'value_seconds', 'value_ratio', 'value_per_second', 'value', 'limit_bytes', 'limit_seconds', 'limit_ratio', 'limit_per_second', 'limit', 'baseline_bytes', 'change_ratio', 'figure_verdict', 'findings', 'verdict', 'last_run_timestamp_seconds'].map((name) => `budget_${name}`)].map((name) => `medianest_${name}`))
    expect(families.get('medianest_budget_value_seconds')?.samples.map(({ value }) => value)).toEqual([2.6005])
    expect(families.get('medianest_budget_verdict')?.samples).toMatchObject([{ value: 3 }])
    expect(families.get('medianest_budget_last_run_timestamp_seconds')?.samples).toMatchObject([{ value: BUDGETED.finishedAt.getTime() / 1_000 }])
    expect(readOpenMetrics(await FORMATS.openmetrics.render(BUDGETED, OPTIONS)).size).toBe(families.size)
  })

  it('say of what is not measured that it is not, by its verdict, and not by a value', async () => {
    const families = readPrometheus(await FORMATS.prometheus.render(BUDGETED, OPTIONS))
    const of = (family: string): unknown => families.get(family)?.samples.find(({ labels }) => labels.get('figure') === 'api:GET /search p(95)')?.value
    expect([of('medianest_budget_value_seconds'), of('medianest_budget_figure_verdict')]).toEqual([undefined, 2])
  })

  it('have no label that means something else to Prometheus, whatever they are called, and stay readable', async () => {
    await fc.assert(fc.asyncProperty(figures, async (list) => {
      for (const read of [readPrometheus(await write('prometheus', list)), readOpenMetrics(await write('openmetrics', list))]) {
        for (const { samples } of read.values()) for (const { labels } of samples) expect(['quantile', 'le'].filter((label) => labels.has(label))).toEqual([])
      }
    }), { numRuns: 300 })
  })

  it('give way to samples where there are some', async () => {
    const samples = new Map([['load.1', new Map([['', 1.5]])]]) as never // one sample is a map of maps
    expect(await FORMATS.prometheus.render(report({ ...MINIMAL, figures: [figure('a')], samples: { samples, at: 0 } }), OPTIONS)).not.toContain('figure=')
  })
})

describe('figures for GitLab', () => {
  it('are one metric each, by a name that stays, and with their verdicts', async () => {
    const metrics = readGitLab(await FORMATS['gitlab-metrics'].render(BUDGETED, OPTIONS))
    expect(metrics.get('medianest_budget_value_bytes{figure=bundles:main.js,section=bundles}')).toBe('512345')
    expect(metrics.get('medianest_budget_figure_verdict{figure=api:GET /search p(95),section=api}')).toBe('2')
    expect(metrics.get('medianest_budget_verdict')).toBe('3')
  })

  it.each<[number, Figure['unit'], string]>([
    [12.3449, 'ms', '0.0123'], [12, 'ms', '0.0120'], [0.0001, 'ms', '0.000000100'], [999.6, 'ms', '1.00'], [123_456, 'ms', '123'], [0, 'ms', '0'],
    [512_345, 'bytes', '512345'], [1e21, 'bytes', '1000000000000000000000'], [142, 'count', '142'], [1_234.56, 'per_second', '1230'], [-0.0123, 'ratio', '-0.0123'], [0.9996, 'ratio', '1.00'],
  ])('%d %s is always written as it should be compared', async (value, unit, text) => {
    expect([...readGitLab(await write('gitlab-metrics', [figure('a', { value, unit })])).values()][0]).toBe(text)
  })

  it('are read by GitLab whatever they are called, a value of each', async () => {
    await fc.assert(fc.asyncProperty(figures, async (list) => {
      for (const value of readGitLab(await write('gitlab-metrics', list)).values()) expect(value).toMatch(/^-?\d+(\.\d+)?$/)
    }), { numRuns: 300 })
  })
})

describe('figures for dashboards', () => {
  const entries = async (name: 'benchmark-smaller' | 'benchmark-bigger', list: readonly Figure[]): Promise<{ name: string; unit: string; value: number }[]> => JSON.parse(await write(name, list)) as { name: string; unit: string; value: number }[]

  it('are parted for github-action-benchmark by what is better; what has no direction or no value is in neither', async () => {
    const list = [figure('time'), figure('rate', { better: 'higher', unit: 'per_second' }), figure('size', { better: 'neither' }), figure('lost', { value: null })]
    expect((await entries('benchmark-smaller', list)).map(({ name }) => name)).toEqual(['time'])
    expect((await entries('benchmark-bigger', list)).map(({ name }) => name)).toEqual(['rate'])
  })

  it('have the value as a number with its unit, without an artefact of binary fractions', async () => {
    expect(await entries('benchmark-smaller', [figure('a', { value: 0.07, unit: 'ratio' })])).toMatchObject([{ unit: '%', value: 7 }])
  })

  it("have Bencher's own measures, in its units, with bounds", async () => {
    expect(JSON.parse(await FORMATS.bencher.render(COMPARED, OPTIONS))).toMatchObject({
      'http.duration p(50)': { latency: { value: 13_470_000, lower_value: 12_900_000, upper_value: 14_200_000 } },
      'size app': { 'file-size': { value: 90_000 } }, 'http.requests rate': { throughput: { value: 412 } },
    })
  })

  it('are JSON whatever they are called', async () => {
    await fc.assert(fc.asyncProperty(figures, async (list) => {
      for (const name of ['benchmark-smaller', 'benchmark-bigger', 'bencher'] as const) expect(JSON.stringify(JSON.parse(await write(name, list)))).not.toContain('null')
    }), { numRuns: 200 })
  })
})

it('formats of figures say which commands have some', () => {
  for (const name of ['gitlab-metrics', 'benchmark-smaller', 'benchmark-bigger', 'bencher'] as const) {
    expect(() => FORMATS[name].render(MINIMAL, OPTIONS)).toThrow(expect.objectContaining({ code: 'NO_FIGURES', message: `health has no figures to write as ${name}`, hint: expect.stringContaining('compare') }))
  }
})
