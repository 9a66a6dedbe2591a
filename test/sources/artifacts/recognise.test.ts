import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readMeasurements } from '../../../src/sources/artifacts/read-measurements.ts'
import { ARTIFACTS } from '../../../src/sources/artifacts/artifacts.ts'
import { fixture, read } from './figures.ts'

const NAMES = readdirSync(new URL('../../fixtures/artifacts/', import.meta.url))

/** The formats whose marks a text has, each asked in its own way. */
function recognisedBy(text: string): string[] {
  const firstLine = text.trimStart().split('\n', 1)[0] ?? ''
  const value: unknown = /^\s*[[{]/.test(text) ? tryJson(text) : undefined
  return ARTIFACTS.filter((artifact) => {
    if (artifact.kind === 'lines') return artifact.recognise(firstLine)
    return artifact.kind === 'text' ? artifact.recognise(text) : artifact.recognise(value)
  }).map(({ format }) => format)
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

describe('a file is recognised by what is in it', () => {
  it.each(NAMES)('%s has the marks of one format', async (name) => {
    expect(recognisedBy(await fixture(name))).toHaveLength(1)
  })

  it('every format has a fixture', async () => {
    const found = await Promise.all(NAMES.map(async (name) => recognisedBy(await fixture(name))))
    expect(new Set(found.flat())).toEqual(new Set(ARTIFACTS.map(({ format }) => format)))
  })

  it('its name is of no importance', async () => {
    expect((await readMeasurements('autocannon.json', await fixture('wrk.txt'))).format).toBe('wrk')
  })

  it('what is not known is an error of one line that says where the list of all is', async () => {
    await expect(readMeasurements('x.json', '{"foo": 1}')).rejects.toMatchObject({
      code: 'UNKNOWN_ARTIFACT',
      kind: 'input',
      message: 'x.json is no file of results that is known here',
      hint: expect.stringMatching(/^known as JSON are those of medianest-perf load, k6 handleSummary, .*, and of \d+ more tools; medianest-perf help result-files lists/),
      details: { formats: expect.arrayContaining(['k6-summary', 'wrk']) },
    })
  })

  it('a file with the marks of two formats is believed in neither', async () => {
    const both = { ...JSON.parse(await fixture('autocannon.json')), ...JSON.parse(await fixture('hyperfine.json')) }
    await expect(readMeasurements('x.json', JSON.stringify(both))).rejects.toMatchObject({ code: 'AMBIGUOUS_ARTIFACT', message: 'x.json has the marks of autocannon -j and of hyperfine --export-json' })
  })

  it('text before the JSON is named as the reason', async () => {
    await expect(readMeasurements('x.json', `> app@1.0.0 size\n> size-limit --json\n\n${await fixture('size-limit.json')}`)).rejects.toMatchObject({ code: 'UNKNOWN_ARTIFACT', hint: expect.stringContaining('npm run, give -s') })
  })

  it('so is a binary file', async () => {
    await expect(readMeasurements('x', '\u0000\u0001abc')).rejects.toMatchObject({ hint: expect.stringContaining('binary') })
  })

  it('the same run alone or with others names the same figures', async () => {
    const [old, now] = await Promise.all([read('lighthouse-old.json'), read('lighthouse-1.json')])
    expect(old.series.map(({ metric, of }) => `${metric} ${of}`)).toEqual(now.series.map(({ metric, of }) => `${metric} ${of}`))
  })
})
