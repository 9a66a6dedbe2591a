import { describe, expect, it } from 'vitest'
import { thirdPartyMetric } from '../../../src/model/third-party.ts'
import { readMeasurements } from '../../../src/sources/artifacts/read-measurements.ts'
import { fixture, reports } from '../../budget/lighthouse-pages.ts'

const PAGE = 'http://127.0.0.1:8080/'

async function one(names: readonly string[], metric: string, of = PAGE): Promise<readonly number[] | undefined> {
  return (await reports(names)).series.find((series) => series.metric === metric && series.statistic === null && series.of === of)?.values
}

describe('a Lighthouse report in detail', () => {
  it.each(['lhr-10.json', 'lhr-11.json', 'lhr-12.json', 'lhr-13.json'])('tells scores, lengths, numbers and resources of %s', async (name) => {
    expect(await one([name], 'resource-summary:script:size')).toEqual([12_396])
    expect(await one([name], 'resource-summary:third-party:count')).toEqual([1])
    expect(await one([name], 'network-requests:length')).toEqual([8])
    expect(await one([name], 'user-timings:medianest-list')).toHaveLength(1)
    expect(await one([name], 'document-title:score')).toEqual([1])
    expect(await one([name], 'cumulative-layout-shift')).toEqual([0])
    expect((await one([name], 'largest-contentful-paint'))?.[0]).toBeGreaterThan(500)
  })

  it('takes what is not applicable for 1 and what is only information for 0, and what failed or is left to people for nothing', async () => {
    expect(await one(['lhr-10.json'], 'third-party-facades:score')).toEqual([1])
    expect(await one(['lhr-10.json'], 'user-timings:score')).toEqual([0])
    expect(await one(['lhr-11.json'], 'lcp-lazy-loaded:score')).toEqual([Number.NaN])
    expect(await one(['lhr-11.json'], 'layout-shifts:length')).toEqual([Number.NaN])
    expect(await one(['lhr-11.json'], 'focus-traps:length')).toEqual([Number.NaN])
  })

  it('takes no number from what failed, and no score that cannot be', async () => {
    const whole = JSON.parse(await fixture('lhr-12.json')) as { audits: Record<string, object>; categories: Record<string, object> } // a report
    const report = { ...whole, audits: { ...whole.audits, interactive: { ...whole.audits['interactive'], scoreDisplayMode: 'error', score: null } }, categories: { ...whole.categories, performance: { score: 90 } } }
    const { series } = await readMeasurements('lhr.json', JSON.stringify(report), { detail: true })
    const values = ['interactive', 'interactive:numericValue', 'categories:performance'].map((metric) => series.find((each) => each.metric === metric)?.values)
    expect(values).toEqual([[Number.NaN], undefined, [Number.NaN]])
  })

  it.each([{}, { code: 5 }, { code: '', message: 'oops' }, { code: 'NO_FCP' }])('refuses a report of a failed run, whatever it says: %j', async (runtimeError) => {
    const report = { ...(JSON.parse(await fixture('lhr-12.json')) as object), runtimeError }
    await expect(readMeasurements('lhr.json', JSON.stringify(report), { detail: true })).rejects.toMatchObject({ code: 'NOTHING_MEASURED' })
  })

  it('says when another page was measured than was asked for', async () => {
    const report = { ...(JSON.parse(await fixture('lhr-12.json')) as object), requestedUrl: 'http://127.0.0.1:8080/dashboard?a=1' }
    expect((await readMeasurements('lhr.json', JSON.stringify(report), { detail: true })).notes).toContain('http://127.0.0.1:8080/dashboard led to http://127.0.0.1:8080/: that page was measured')
    expect((await readMeasurements('lhr.json', JSON.stringify({ ...report, requestedUrl: 'http://127.0.0.1:8080/?b=1#c' }), { detail: true })).notes).toEqual([])
  })

  it.each(['lhr-10.json', 'lhr-11.json', 'lhr-12.json', 'lhr-13.json'])('finds the same resources in the requests of %s where that audit was left out', async (name) => {
    const whole = JSON.parse(await fixture(name)) as { audits: Record<string, unknown> } // a report
    const { 'resource-summary': _gone, ...audits } = whole.audits
    const read = async (report: unknown): Promise<string[]> => (await readMeasurements(name, JSON.stringify(report), { detail: true })).series.filter(({ metric }) => metric.startsWith('resource-summary:') && !/:(score|length)$/.test(metric)).map(({ metric, values }) => `${metric} ${values.join()}`).sort()
    expect(await read({ ...whole, audits })).toEqual(await read(whole))
  })

  it('counts third parties by the hosts that a budget names as its own', async () => {
    const hosts = ['127.0.0.1', '127.0.0.2']
    const found = await reports(['lhr-12.json'], [hosts, ['127.0.0.2']])
    const sizes = [hosts, ['127.0.0.2']].map((each) => found.series.find(({ metric }) => metric === thirdPartyMetric('size', each))?.values)
    expect(sizes).toEqual([[0], [12_686]])
  })

  it('keeps the runs of each page together in a list of several', async () => {
    expect(await one(['lhr-11.json', 'lhr-11-media.json'], 'document-title:score', PAGE)).toEqual([1])
    expect(await one(['lhr-11.json', 'lhr-11-media.json'], 'document-title:score', `${PAGE}media?y=2&x=1`)).toEqual([1])
    expect(await one(['page-1.json', 'page-2.json', 'page-3.json'], 'categories:performance')).toEqual([0.88, 0.9, 0.9])
  })

  it('leaves a password out of the address', async () => {
    const report = (await fixture('lhr-12.json')).replace('"finalUrl": "http://', '"finalUrl": "http://me:hush@')
    const { series } = await readMeasurements('r.json', report, { detail: true })
    expect([...new Set(series.map(({ of }) => of))]).toEqual([PAGE])
  })
})
