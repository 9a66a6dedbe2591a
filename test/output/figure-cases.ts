import type { Figure } from '../../src/model/figure.ts'
import { report, type Report } from '../../src/model/report.ts'

const startedAt = new Date('2026-03-01T12:00:00.000Z')
const finishedAt = new Date('2026-03-01T12:00:02.250Z')

/** A figure that is well unless told otherwise. */
export function figure(name: string, parts: Partial<Figure> = {}): Figure {
  return { name, section: '', unit: 'ms', better: 'lower', value: 12, verdict: 'ok', word: 'within budget', decides: true, ...parts }
}

const EVIL = 'a | b` <img src=x> </details> @everyone #12 http://evil.example/ [x](javascript:1) $x$ "q" \\ \n::error::x \u001b[31m --> :tada:'

/** What a budget comes to, and what an enemy would put into it. */
export const BUDGETED: Report = report({
  command: 'budget', title: 'budget of dist against budget.yaml', verdict: 'fail', startedAt, finishedAt,
  figures: [
    figure('bundles:vendor.js', { section: 'bundles', unit: 'bytes', value: 90_000, limit: 200_000 }),
    figure('bundles:main.js', { section: 'bundles', unit: 'bytes', value: 512_345, baseline: 480_000, limit: 500_000, change: { estimate: 0.0674, scale: 'relative' }, verdict: 'fail', word: 'over budget' }),
    figure('bundles:app.css', { section: 'bundles', unit: 'bytes', value: 50_001, limit: 50_000, verdict: 'fail', word: 'over budget' }),
    figure('bundles:small.js', { section: 'bundles', unit: 'bytes', value: 8_000, baseline: 10_000, limit: 20_000, change: { estimate: -0.2, scale: 'relative' } }),
    figure('bundles:same.js', { section: 'bundles', unit: 'bytes', value: 8_000, baseline: 8_000, limit: 20_000, change: { estimate: 0, scale: 'relative' } }),
    figure(EVIL, { section: 'lighthouse', unit: 'ms', value: 2_600.5, limit: 2_500, verdict: 'warn', word: 'near its limit' }),
    figure('lighthouse:performance', { section: 'lighthouse', unit: 'ratio', better: 'higher', value: 0.81, limit: 0.9, verdict: 'fail', word: 'under budget', spread: { low: 0.79, high: 0.85 } }),
    figure('api:GET /search p(95)', { section: 'api', unit: 'ms', value: null, limit: 300, verdict: 'unknown', word: 'not measured' }),
    figure('api:requests', { section: 'api', unit: 'per_second', better: 'higher', value: 1_234.5678, limit: 1_000 }),
    figure('packages:installed', { section: 'packages', unit: 'count', value: 142, limit: 150 }),
    figure('__proto__', { section: 'api', unit: 'ratio', better: 'neither', value: 0.07, decides: false, word: 'measured' }),
  ],
  findings: [
    { id: 'budget:bundles:main.js', verdict: 'fail', title: 'main.js is 12.3 kB over its 500 kB', observed: 512_345, limit: 500_000, unit: 'bytes', hint: 'see what came in with the last change', where: { file: 'budget.yaml', line: 4, column: 5 } },
    { id: 'budget:bundles:app.css', verdict: 'fail', title: 'app.css is 1 B over its 50 kB', observed: 50_001, limit: 50_000, unit: 'bytes' },
    { id: 'budget:lighthouse:performance', verdict: 'fail', title: 'performance is 0.81, under 0.9', observed: 0.81, limit: 0.9, unit: 'ratio' },
    { id: 'budget:api:GET /search p(95)', verdict: 'unknown', title: 'nothing was measured for GET /search', hint: 'give a result that has it' },
    { id: 'budget:empty', verdict: 'unknown', title: `"dist/*.wasm" finds no file ${EVIL}`, hint: 'see that the build has run', where: { file: 'budget.yaml', line: 9, column: 5 } },
    { id: 'budget:bundles:vendor.js', verdict: 'ok', title: 'vendor.js is within its 200 kB' },
  ],
  notes: ['sizes are counted as gzip -9 makes them'],
})

/** What a comparison comes to. */
export const COMPARED: Report = report({
  command: 'compare', title: 'comparison of after-*.json with before-*.json', verdict: 'fail', startedAt, finishedAt,
  figures: [
    figure('http.duration p(50)', { value: 13.47, baseline: 12, spread: { low: 12.9, high: 14.2 }, change: { estimate: 0.1225, low: 0.08, high: 0.161, scale: 'relative' }, verdict: 'fail', word: 'regressed', finding: 'compare:http.duration p(50)' }),
    figure('http.failed rate', { unit: 'ratio', value: 0.012, baseline: 0.01, change: { estimate: 0.002, low: -0.001, high: 0.005, scale: 'points' }, verdict: 'warn', word: 'inconclusive', finding: 'compare:http.failed rate' }),
    figure('size app', { unit: 'bytes', value: 90_000, baseline: 100_000, change: { estimate: -0.1, scale: 'relative' }, word: 'improved', finding: 'compare:size app' }),
    figure('time p(50) parse', { value: 0.0123, baseline: 0.0124, change: { estimate: -0.008, low: -0.01, high: -0.006, scale: 'relative' }, word: 'unchanged', finding: 'compare:time p(50) parse' }),
    figure('http.duration p(95)', { value: 812, baseline: 500, change: { estimate: 0.624, scale: 'relative' }, word: 'regressed', decides: false }),
    figure('http.requests rate', { unit: 'per_second', better: 'higher', value: 412, baseline: 420, change: { estimate: -0.019, scale: 'relative' }, word: 'inconclusive', decides: false }),
  ],
  findings: [
    { id: 'compare:http.duration p(50)', verdict: 'fail', title: 'http.duration p(50) regressed (minor): +12.3%, worse, by more than chance makes likely', observed: 13.47, unit: 'ms' },
    { id: 'compare:http.failed rate', verdict: 'warn', isInconclusive: true, title: 'http.failed rate inconclusive: neither a change nor its absence is shown', hint: 'measure more runs of both sides' },
    { id: 'compare:size app', verdict: 'ok', title: 'size app improved' },
    { id: 'compare:time p(50) parse', verdict: 'ok', title: 'time p(50) parse unchanged' },
  ],
  facts: [{ label: 'Baseline', value: 'before-1.json, before-2.json (k6-summary)' }, { label: 'Current', value: 'after-1.json, after-2.json (k6-summary)' }],
  notes: ['one side is a single file'],
})

/** A comparison that came to nothing. */
export const FIGURELESS: Report = report({
  command: 'compare', title: 'comparison of b.json with a.json', verdict: 'unknown', startedAt, finishedAt, figures: [],
  findings: [{ id: 'incomparable', verdict: 'unknown', title: 'the sides were not measured alike: the processor differs', hint: 'measure both sides on one machine' }],
})
