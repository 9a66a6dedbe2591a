import { describe, expect, it } from 'vitest'
import type { BudgetLine } from '../../src/model/budget.ts'
import { firstPartyOf } from '../../src/model/third-party.ts'
import { fixture, keeps, readBudget, reports, valuesOf } from './lighthouse-pages.ts'

interface Row {
  readonly metric?: string
  readonly measurement?: number | { readonly value: number }
  readonly overBudget?: unknown
  readonly resourceType?: string
  readonly requestCount?: number
  readonly transferSize?: number
  readonly sizeOverBudget?: number
  readonly countOverBudget?: string
}

/** What Lighthouse itself said of its budget, by our ids: measured and over or not. */
async function theirs(name: string): Promise<Map<string, readonly [number, boolean]>> {
  const { audits } = JSON.parse(await fixture(name)) as { audits: Record<string, { details: { items: Row[] } }> } // a report
  const rows = [...(audits['timing-budget']?.details.items ?? []), ...(audits['performance-budget']?.details.items ?? [])]
  return new Map(rows.flatMap((row): [string, readonly [number, boolean]][] => row.metric === undefined
    ? [[`resources:${row.resourceType}:size`, [row.transferSize ?? Number.NaN, row.sizeOverBudget !== undefined]], [`resources:${row.resourceType}:count`, [row.requestCount ?? Number.NaN, row.countOverBudget !== undefined]]]
    : [[`timing:${row.metric}`, [typeof row.measurement === 'object' ? row.measurement.value : row.measurement ?? Number.NaN, row.overBudget !== undefined]]]))
}

describe("Lighthouse's budget.json", () => {
  it.each([['lhr-10.json', 9], ['lhr-11.json', 9], ['lhr-11-media.json', 5]])('gives the verdicts that Lighthouse gave in %s', async (name, timingsAndResources) => {
    const { lines } = await readBudget(JSON.parse(await fixture('budget.json')))
    const hosts = lines.flatMap(({ subjects }) => subjects.flatMap((subject) => (subject.kind === 'series' ? [firstPartyOf(subject.metric) ?? []] : []))).filter((each) => each.length > 0)
    const found = await reports([name], hosts)
    const expected = await theirs(name)
    const judged = lines.flatMap((line) => [...valuesOf(line, found).values()].map(([value = Number.NaN]) => [line.id.replace(/ of .*/, ''), value, !keeps(line, value)] as const))
    expect(judged.length).toBeGreaterThanOrEqual(timingsAndResources)
    // Lighthouse rounds what it shows of timings.
    for (const [id, value, isOver] of judged) expect([id, Math.round(value), isOver]).toEqual([id, Math.round(expected.get(id)?.[0] ?? Number.NaN), expected.get(id)?.[1]])
  })

  it('judges a page by the last block of its path, and says which block never applies', async () => {
    const block = (path: string, budget: number): object => ({ path, timings: [{ metric: 'interactive', budget }] })
    const { lines, notes } = await readBudget([block('/media', 1), block('/', 2), block('/media*x=1$', 3), block('/a.b', 4)])
    expect(notes).toEqual(['block 1 (/media) never applies: a later one has the same pages'])
    expect(chosen(lines, 'http://h:1/media?y=2&x=1')).toEqual([3])
    expect(chosen(lines, 'http://h:1/media?y=2&x=12')).toEqual([2])
    expect(chosen(lines, 'http://h:1/')).toEqual([2])
    expect(chosen(lines, '/a.b?c')).toEqual([4])
    expect(chosen(lines, 'http://h:1/aXb')).toEqual([2])
    expect(chosen(lines, 'http://h/x?next=http://h/a.b')).toEqual([2])
  })

  it('counts sizes in KiB and layout shift without a unit, and takes no notice of a tolerance', async () => {
    const { lines, notes } = await readBudget([{ timings: [{ metric: 'cumulative-layout-shift', budget: 0.1, tolerance: 1 }], resourceSizes: [{ resourceType: 'script', budget: 5 }] }])
    expect(lines.map(({ id, unit, limits: [limit] }) => [id, unit, limit?.value, limit?.text])).toEqual([['timing:cumulative-layout-shift', 'count', 0.1, '0.1'], ['resources:script:size', 'bytes', 5_120, '5']])
    expect(notes).toEqual(['tolerance has no effect, as in Lighthouse, which took it out in version 6'])
  })

  it.each([
    ['a metric that is not known', [{ timings: [{ metric: 'largest-contentful-pain', budget: 1 }] }], 'did you mean "largest-contentful-paint"?'],
    ['a key that is not known', [{ timing: [], resourceCounts: [] }], 'did you mean "timings"?'],
    ['a path without a slash', [{ path: 'media', timings: [] }], 'write it as in robots.txt: /, /media or /media/*$'],
    ['a host with a port', [{ options: { firstPartyHostnames: ['a.com:80'] }, timings: [] }], 'write it without scheme and port: example.com or *.example.com'],
    ['a type that stands twice', [{ resourceCounts: [{ resourceType: 'font', budget: 1 }, { resourceType: 'font', budget: 2 }] }], 'remove one of them'],
    ['no limit at all', [{ timings: [] }], 'give it a timing, a resource or an assertion that is not off'],
    ['a budget below nothing', [{ timings: [{ metric: 'interactive', budget: -1 }] }], 'write a number that is at least 0'],
  ])('is refused for %s', async (_what, value, hint) => {
    await expect(readBudget(value)).rejects.toMatchObject({ hint: expect.stringContaining(hint) as string, where: { file: 'budget.json' } })
  })
})

function chosen(lines: readonly BudgetLine[], page: string): number[] {
  return lines.flatMap(({ subjects: [subject], limits: [limit] }) => (subject?.kind === 'series' && (subject.of === null || new RegExp(subject.of.pattern).test(page)) ? [limit?.value ?? Number.NaN] : []))
}
