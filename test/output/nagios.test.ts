import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { CheckResult, Measure, Range } from '../../src/model/health.ts'
import { FORMATS } from '../../src/output/formats.ts'
import { showPerformanceData } from '../../src/output/performance-data.ts'
import { FAILURE, MINIMAL, OPTIONS } from './cases.ts'
import { checkResult, HEALTH, healthReport, HEALTHY } from './health-case.ts'
import { readPlugin, readRange, type ReadFigure, type ReadPlugin } from './nagios.ts'
import { worst } from '../../src/model/verdict.ts'

const render = (checks: readonly CheckResult[], parts: object = {}): string => FORMATS.nagios.render(healthReport(checks, 80, { verdict: checks.length === 0 ? 'unknown' : worst(checks.map(({ verdict }) => verdict)), ...parts }), OPTIONS) as string
const plugin = (checks: readonly CheckResult[], parts: object = {}): ReadPlugin => readPlugin(render(checks, parts))
const failing = (name: string, message: string, verdict: CheckResult['verdict'] = 'fail'): CheckResult => checkResult(name, { verdict, outcome: { message } })
const figure = (measure: Partial<Measure>): string => {
  const text = render([checkResult('a', { outcome: { measures: [{ name: 'b', value: 1, unit: 'count', ...measure }] } })])
  readPlugin(text)
  return text.trimEnd().split(' | ').at(-1) ?? ''
}

describe('the first line', () => {
  it('has the names of all that is wrong, the worst first, then the reasons that fit, then what does not count', async () => {
    const { service, state, text } = readPlugin(await FORMATS.nagios.render(HEALTH, OPTIONS))
    expect([service, state]).toEqual(['HEALTH', 'CRITICAL'])
    expect(text).toBe('1 critical: database; 1 unknown: clock; 2 warnings: filesystem, tmdb; database: nothing listens on 127.0.0.1:5432; 2 not checked because of database, 1 in maintenance')
  })

  it('counts the checks where all is well, and never those that were not looked at', async () => {
    expect(readPlugin(await FORMATS.nagios.render(HEALTHY, OPTIONS)).text).toBe('2 checks')
    const spared = checkResult('api', { attempts: 0, excuse: { kind: 'dependency', on: 'database' } })
    expect(plugin([checkResult('disk'), spared]).text).toBe('1 of 2 checks; 1 not checked because of database')
  })

  it('needs no list of names where all reasons fit, each further kind after its number', () => {
    expect(plugin([failing('database', 'down'), failing('clock', 'not told', 'unknown')]).text).toBe('database: down; 1 unknown: clock: not told')
  })

  it('stays short however much is wrong, and says how much that is', () => {
    const many = Array.from({ length: 40 }, (_, index) => failing(`service ${index}`, 'no answer '.repeat(30)))
    const { text, long } = plugin(many)
    expect(text.length).toBeLessThanOrEqual(200)
    expect(text).toMatch(/^40 critical: service 0, service 1, .*\.\.\.; service 0: no answer /)
    expect(long).toHaveLength(40)
  })

  it('says what no check says: an instance that does not answer, a run that was broken off', () => {
    const lost = plugin([checkResult('disk')], { verdict: 'fail', unreachable: true, findings: [{ id: 'unreachable', verdict: 'fail', title: 'nothing answers at http://nas:9464' }] })
    expect([lost.state, lost.text]).toEqual(['CRITICAL', 'nothing answers at http://nas:9464'])
    expect(plugin([failing('disk', 'full')], { interrupted: 'SIGTERM' }).text).toBe('ended by SIGTERM, not all was checked; disk: full')
  })

  it('is UNKNOWN for no checks at all', () => {
    const { state, text, long, later } = plugin([])
    expect([state, text, long, later]).toEqual(['UNKNOWN', 'no checks', [], []])
  })

  it('has the score, the number of checks and the time as figures', () => {
    expect(plugin([checkResult('disk')]).figures.map(({ label, value, uom }) => [label, value, uom])).toEqual([['score', 80, '%'], ['checks', 1, ''], ['time', 0.152, 's']])
  })
})

test('each check has a line of its own, the worst first, with what to do under it', () => {
  const tight = checkResult('disk', { verdict: 'warn', isOptional: true, outcome: { message: '/ 91% used', recommendation: 'clean up' } })
  const away = checkResult('plex', { excuse: { kind: 'maintenance', window: 'scan', until: new Date('2026-03-01T14:00:00Z') }, outcome: { verdict: 'fail', message: 'answers 503', recommendation: 'wait' } })
  expect(plugin([checkResult('redis'), away, tight, failing('clock', 'not told', 'unknown')]).long).toEqual(['[UNKNOWN] clock: not told', '[WARNING] disk: / 91% used (optional)', '  hint: clean up', '[NOT COUNTED] plex: in maintenance (scan) until 2026-03-01 14:00 UTC; answers 503', '[OK] redis: answers'])
})

test('figures stand on the line of the bar, where Icinga looks for them', () => {
  const bars = render([checkResult('a', { outcome: { measures: [{ name: 'b', value: 1, unit: 'count' }], responseTimeMs: 3 } }), checkResult('c')]).split('\n').filter((line) => line.includes('|'))
  expect(bars).toHaveLength(2)
  expect(bars[1]).toBe("[OK] c: answers | 'a b'=1 'a response'=0.003s;;;0")
})

describe('a figure', () => {
  const above = (level: number): Range => ({ from: Number.NEGATIVE_INFINITY, to: level, isInside: false })
  it.each<[Partial<Measure>, string]>([
    [{ value: 250, unit: 'ms', min: 0, warning: above(500) }, "'a b'=0.25s;0.5;;0"],
    [{ value: 0.07, unit: 'ratio', min: 0, max: 1, warning: above(0.85), critical: above(0.95) }, "'a b'=7%;85;95"],
    [{ value: 1.4, unit: 'ratio', min: 0, max: 2 }, "'a b'=140%;;;;200"],
    [{ value: 5e12, unit: 'bytes', max: 1e22 }, "'a b'=5000000000000B;;;;10000000000000000000000"],
    [{ value: -12.5, unit: 'ms', critical: { from: -500, to: 500, isInside: false } }, "'a b'=-0.0125s;;-0.5:0.5"],
    [{ value: 3, critical: { from: 1, to: Number.POSITIVE_INFINITY, isInside: false } }, "'a b'=3;;1:"],
    [{ value: 3, critical: { from: 0, to: 0, isInside: true }, warning: above(7) }, "'a b'=3;~:7;@0"],
    [{ value: 0.0000001 }, "'a b'=0.0000001"],
    [{ value: Number.NaN, unit: 'ms', warning: above(1_000) }, "'a b'=U;~:1"],
    [{ value: 12, uom: 'c', unit: 'count' }, "'a b'=12c"],
    [{ value: 250, uom: 'ms', unit: 'ms', warning: above(300) }, "'a b'=250ms;~:300"],
    [{ value: 12, uom: "x'; rm" }, "'a b'=12"],
    [{ of: "it's/a=b|c\n" }, "'a it''s/a-b/c b'=1"],
  ])('of %j is %s', (measure, text) => {
    expect(figure(measure)).toBe(text)
  })

  it('that is named like another gets a number', () => {
    expect(showPerformanceData([{ label: 'a=b', value: 1, uom: '' }, { label: 'a-b', value: 2, uom: '' }, { label: 'a-b 2', value: 3, uom: '' }])).toBe("'a-b'=1 'a-b 2'=2 'a-b 2 2'=3")
  })
})

const alerts = ({ from, to, isInside }: Range | NonNullable<ReadFigure['warning']>, value: number): boolean => isInside === (value >= from && value <= to)

test('whatever checks find, the guidelines are kept and every figure comes back with its value and its levels', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: fc.constantFrom('|', '\n', '\r', "'", '=', ';', ' ', '\u001b', '\u2028', '\ud83d', 'é', 'x') }))
  const number = fc.oneof(fc.integer({ min: -1_000, max: 1_000_000 }), fc.double({ min: -1e25, max: 1e25, noNaN: true }))
  const end = fc.oneof(number, fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))
  const range = fc.tuple(end, end, fc.boolean()).map(([a, b, isInside]): Range => ({ from: Math.min(a, b), to: Math.max(a, b), isInside }))
  const measure = fc.record({ name: text, value: fc.oneof(number, fc.constant(Number.NaN)), unit: fc.constantFrom('ms', 'bytes', 'ratio', 'count', 'hertz', 'celsius') }).chain((base) =>
    fc.record({ of: fc.option(text, { nil: undefined }), warning: fc.option(range, { nil: undefined }), critical: fc.option(range, { nil: undefined }), min: fc.option(number, { nil: undefined }), uom: fc.option(fc.constantFrom('c', 'KB', '', '9', ' | '), { nil: undefined }) }).map((more): Measure => ({ ...base, ...more })))
  const check = fc.tuple(text, fc.constantFrom('ok', 'warn', 'fail', 'unknown'), text, fc.option(text, { nil: undefined }), fc.array(measure, { maxLength: 4 }), fc.boolean()).map(([name, verdict, message, recommendation, measures, isExcused]) =>
    checkResult(name, { ...(isExcused ? { excuse: { kind: 'dependency', on: message } } : { verdict }), outcome: { verdict, message, recommendation, measures } }))
  fc.assert(fc.property(fc.array(check, { maxLength: 6 }), (checks) => {
    const read = plugin(checks)
    expect(read.text.length).toBeLessThanOrEqual(200)
    const measures = checks.flatMap(({ outcome }) => outcome.measures)
    expect(read.later).toHaveLength(measures.length)
    for (const [index, { value, unit, uom, warning, min }] of measures.entries()) {
      const scale = uom !== undefined ? 1 : unit === 'ms' ? 0.001 : unit === 'ratio' ? 100 : 1
      const { value: came, warning: level } = read.later[index]!
      if (Number.isNaN(value)) expect(came).toBeNaN()
      else expect(Math.abs(came - value * scale)).toBeLessThanOrEqual(Math.abs(value * scale) * 1e-11 + 1e-19)
      if (warning === undefined) continue
      for (const edge of [warning.from, warning.to]) {
        // Beside the edge, for digits beyond the twelfth are cut; below a minimum of zero nothing is ever measured.
        for (const probe of [edge - Math.abs(edge) * 1e-9 - 1, edge + Math.abs(edge) * 1e-9 + 1].filter((each) => Number.isFinite(each) && !(min !== undefined && min >= 0 && each < 0))) {
          const isAlert = level === undefined ? false : alerts(level, probe * scale)
          expect(isAlert, `${JSON.stringify(warning)} at ${probe}`).toBe(alerts(warning, probe))
        }
      }
    }
  }), { numRuns: 300 })
})

test('an error is one UNKNOWN line that says where', () => {
  const text = FORMATS.nagios.renderError(FAILURE, { ...OPTIONS, command: 'health' })
  expect(text.trimEnd().split('\n')).toHaveLength(1)
  expect(readPlugin(text)).toMatchObject({ service: 'HEALTH', state: 'UNKNOWN', text: expect.stringMatching(/^no agent answers .*\(scenarios\/browse\.yaml:3:7\)$/), figures: [] })
})

test('an error of a command without checks says nothing of health', () => {
  expect(FORMATS.nagios.renderError({ code: 'NO_CHECKS', message: 'budget has no checks', hint: 'health has them' }, { ...OPTIONS, command: 'budget' })).toBe('budget has no checks (health has them)\n')
})

test('a report without checks cannot be written', () => {
  expect(() => FORMATS.nagios.render(MINIMAL, OPTIONS)).toThrow(expect.objectContaining({ code: 'NO_CHECKS', hint: expect.stringContaining('medianest-perf health') }))
})

test.each(["'a'=1e5", "'a=b'=1", "'a'=1;20:10", "'a'=1;:", "a b=1", "'a'=1 'a'=2", "'a'=1,5", "'a'=1x", "'a'=1;1;1;1;1;1", "it's=1", "'a'=", "'a'=1|2"])('the reader of these tests refuses %s', (figures) => {
  expect(() => readPlugin(`HEALTH OK - fine | ${figures}\n`)).toThrow(/./)
})

test('the reader of these tests reads the ranges of the guidelines as they explain them', () => {
  const cases: [string, number, boolean][] = [['10', 11, true], ['10', 10, false], ['10', -1, true], ['10:', 9, true], ['10:', 10, false], ['~:10', -99, false], ['~:10', 11, true], ['10:20', 21, true], ['@10:20', 10, true], ['@10:20', 21, false]]
  for (const [text, value, expected] of cases) expect([text, value, alerts(readRange(text)!, value)]).toEqual([text, value, expected])
})
