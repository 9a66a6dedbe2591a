import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExpositionProblem, LONGEST_LINE, MOST_SERIES, readExposition, type Exposition } from '../../../../src/sources/application/prometheus/exposition.ts'

const TEXT = { isOpenMetrics: false, needsEnd: false }
const OPEN = { isOpenMetrics: true, needsEnd: false }
const read = (text: string, terms = TEXT): Exposition => readExposition(text, terms)
const problem = (text: string, terms: { readonly isOpenMetrics: boolean; readonly needsEnd: boolean } = TEXT): string => {
  try {
    read(text, terms)
    return 'read'
  } catch (error) {
    if (!(error instanceof ExpositionProblem)) throw error
    return error.message
  }
}

describe('an exposition', () => {
  it('is read as the documentation of the format shows it', () => {
    const { types, helps, samples } = read(`# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# TYPE rpc_duration_seconds summary
rpc_duration_seconds { quantile = "0.01" , } 3102
rpc_duration_seconds_sum 1.7560473e+07
`)
    expect(types).toEqual(new Map([['http_requests_total', 'counter'], ['rpc_duration_seconds', 'summary']]))
    expect(helps.get('http_requests_total')).toBe('The total number of HTTP requests.')
    expect(samples.get('http_requests_total')).toEqual([{ labels: new Map([['method', 'post'], ['code', '200']]), value: 1_027 }, { labels: new Map([['method', 'post'], ['code', '400']]), value: 3 }])
    expect(samples.get('msdos_file_access_time_seconds')?.[0]?.labels.get('error')).toBe('Cannot find file:\n"FILE.TXT"')
    expect(samples.get('msdos_file_access_time_seconds')?.[0]?.labels.get('path')).toBe('C:\\DIR\\FILE.TXT')
    expect(samples.get('something_weird')?.[0]?.value).toBe(Infinity)
    expect(samples.get('rpc_duration_seconds')).toEqual([{ labels: new Map([['quantile', '0.01']]), value: 3_102 }])
    expect(samples.get('rpc_duration_seconds_sum')?.[0]?.value).toBe(17_560_473)
  })

  it('is read in OpenMetrics with exemplars, which the older format does not have', () => {
    const text = '# TYPE foo counter\n# UNIT foo seconds\nfoo_total{a="b"} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67\nfoo_created{a="b"} 1520872607.123\n# EOF\n'
    expect(read(text, OPEN).samples.get('foo_total')).toEqual([{ labels: new Map([['a', 'b']]), value: 17 }])
    expect(problem(text)).toMatch(/^line 3 goes on after its value/)
  })

  it('says of which line what is wrong', () => {
    const lines: [string, RegExp][] = [
      ['up 1\n<html>\n', /^line 2 begins with no name of a metric: "<html>"/], ['up\n', /^line 1 has no value/], ['up one\n', /^line 1 has no number as its value: "up one"/], ['up 0x10\n', /no number/], ['up 1_000\n', /no number/],
      ['up 1 soon\n', /^line 1 has no time/], ['up 1 2 3\n', /goes on after/], ['a.b 1\n', /^line 1 has a character that no name/], ['up{a} 1\n', /^line 1 has no = after the label "a"/], ['up{a=b} 1\n', /no quoted value/], ['up{a="b} 1\n', /ends within the value of the label "a"/],
      ['up{a="\\t"} 1\n', /unknown escape/], ['up{a="1",a="2"} 1\n', /has the label "a" twice/], ['up{a="1" b="2"} 1\n', /neither , nor }/], ['up{1="1"} 1\n', /something else than a label at character 4/], ['# TYPE up thing\n', /declares a type that there is not: "thing"/],
      [`up ${'1'.repeat(LONGEST_LINE)}\n`, /is longer than 65536 characters/],
    ]
    for (const [text, said] of lines) expect(problem(text)).toMatch(said)
  })

  it('that broke off is not taken for a whole one where nothing else says that it is', () => {
    expect(problem('requests_total 1234\nerrors_total 12', { isOpenMetrics: false, needsEnd: true })).toBe('line 2 does not end: the answer is not whole')
    expect(problem('requests_total 1234\nerrors_total 12')).toBe('read')
    expect(problem('requests_total 1234\n', OPEN)).toMatch(/is the last and not # EOF/)
    expect(problem('# EOF\nup 1\n', OPEN)).toBe('line 2 comes after # EOF')
  })

  it('is read to so many series and no further', () => {
    expect(problem('a 1\n'.repeat(MOST_SERIES))).toBe('read')
    expect(problem('a 1\n'.repeat(MOST_SERIES + 1))).toMatch(/^line 100001 is one of more than 100000 series/)
  })

  it('is read or refused with a line, whatever it is', () => {
    const piece = fc.constantFrom('# HELP ', '# TYPE ', '# EOF', '# UNIT', ' counter', 'a', 'http_requests_total', '{', '}', 'le="', '"', '\\', '\\n', ',', '=', ' ', '\t', '\r', '\n', '1', '-1.5e3', 'NaN', '+Inf', '#', '\u2028', '\u0000', 'é', '{a="b"} 1\n')
    const text = fc.array(fc.oneof({ weight: 8, arbitrary: piece }, { weight: 1, arbitrary: fc.string({ maxLength: 5 }) }), { maxLength: 40 }).map((parts) => parts.join(''))
    fc.assert(fc.property(text, fc.boolean(), fc.boolean(), (given, isOpenMetrics, needsEnd) => {
      expect(problem(given, { isOpenMetrics, needsEnd })).toMatch(/^(?:read$|line \d+ )/)
    }), { numRuns: 3_000 })
  })

  it('gives back any labels and number that were printed', () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/)
    const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    fc.assert(fc.property(name, fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'binary' })), { selector: ([label]) => label, maxLength: 5 }), fc.double(), (metric, labels, value) => {
      const shown = Object.is(value, -0) ? '0' : Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? '+Inf' : '-Inf'
      const { samples } = read(`${metric}{${labels.map(([label, text]) => `${label}="${escaped(text)}"`).join(',')}} ${shown}\n`)
      expect(samples.get(metric)).toEqual([{ labels: new Map(labels), value: Object.is(value, -0) ? 0 : value }])
    }), { numRuns: 500 })
  })

  it('takes time in proportion to its length, however it is made', () => {
    const cost = (text: string): number => {
      const begun = performance.now()
      for (let turn = 0; turn < 50; turn++) problem(text)
      return performance.now() - begun
    }
    const nasty = [(n: number) => `# HELP a${' '.repeat(n)}${'x'.repeat(n)}\u2028\n`, (n: number) => `a ${'1'.repeat(n)}x\n`, (n: number) => `a{b="${'\\\\'.repeat(n)}`, (n: number) => `a{${Array.from({ length: n / 12 }, (_, index) => `b${index}="c"`).join(',')}\n`, (n: number) => `#${' \t'.repeat(n / 2)}\n`]
    // What is quadratic would take minutes.
    for (const make of nasty) expect(cost(make(30_000))).toBeLessThan(5_000)
  })
})
