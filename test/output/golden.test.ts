import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { RenderOptions } from '../../src/output/format.ts'
import { FORMATS, formatNamed } from '../../src/output/formats.ts'
import type { Format } from '../../src/output/format.ts'
import { HEALTH, HEALTHY } from './health-case.ts'
import { BUDGETED, COMPARED, FIGURELESS } from './figure-cases.ts'
import { FAILURE, MINIMAL, OPTIONS, RICH, SAMPLED, TYPICAL } from './cases.ts'

const FOLDER = new URL('../golden/output/', import.meta.url)

/** Compares byte for byte; `UPDATE_GOLDEN=1` rewrites the file instead, but never on a CI server. */
function expectGolden(name: string, text: string): void {
  const file = new URL(`${name}.txt`, FOLDER)
  if (process.env.UPDATE_GOLDEN === '1') {
    expect(process.env.CI, 'golden files are not rewritten on a CI server').toBeUndefined()
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(file, text)
  }
  expect(text).toBe(readFileSync(file, 'utf8'))
}

const CASES = { rich: RICH, minimal: MINIMAL, typical: TYPICAL }
const SCREENS: Readonly<Record<string, Partial<RenderOptions>>> = {
  '80': {},
  '120': { columns: 120 },
  '80-color': { color: true },
  '120-color': { columns: 120, color: true },
  '80-ascii': { unicode: false },
  '120-ascii-color': { columns: 120, unicode: false, color: true },
}

for (const [name, report] of Object.entries(CASES)) {
  for (const [screen, options] of Object.entries(SCREENS)) {
    test(`the ${name} report on a screen ${screen} looks as it was approved`, async () => {
      expectGolden(`${name}.human-${screen}`, await FORMATS.human.render(report, { ...OPTIONS, ...options }))
    })
  }
  for (const format of Object.values<Format>(FORMATS).filter(({ name, needs, binary }) => name !== 'human' && needs === undefined && !binary).map((each) => each.name)) {
    test(`the ${name} report as ${format} is what was approved`, async () => {
      expectGolden(`${name}.${format}`, await formatNamed(format).render(report, OPTIONS))
    })
  }
}

for (const { name } of Object.values<Format>(FORMATS).filter(({ needs }) => needs?.includes('samples'))) {
  test(`samples as ${name} are what was approved`, async () => {
    expectGolden(`sampled.${name}`, await formatNamed(name).render(SAMPLED, OPTIONS))
  })
}

for (const [screen, options] of Object.entries<Partial<RenderOptions>>({ '40': { columns: 40 }, '60-ascii': { columns: 60, unicode: false }, '80': {}, '120': { columns: 120 }, '120-color': { columns: 120, color: true }, '120-ascii': { columns: 120, unicode: false } })) {
  test(`the report of checks on a screen ${screen} looks as it was approved`, async () => {
    expectGolden(`health.human-${screen}`, await FORMATS.human.render(HEALTH, { ...OPTIONS, ...options }))
  })
}
for (const { name } of Object.values<Format>(FORMATS).filter(({ name: each, needs, binary }) => each !== 'human' && !binary && (needs === undefined || needs.some((part) => part !== 'figures')))) {
  test(`the report of checks as ${name} is what was approved`, async () => {
    expectGolden(`health.${name}`, await formatNamed(name).render(HEALTH, { ...OPTIONS, command: 'health' }))
  })
}
test('the report of checks that are well is two lines and the figures, as nagios', async () => {
  expectGolden('healthy.nagios', await FORMATS.nagios.render(HEALTHY, { ...OPTIONS, command: 'health' }))
})

for (const [report, parts] of Object.entries({ budget: BUDGETED, compare: COMPARED, nothing: FIGURELESS })) {
  for (const { name } of Object.values<Format>(FORMATS).filter(({ name: each, needs }) => ['comment', 'step-summary', 'github', 'junit'].includes(each) || needs?.includes('figures'))) {
    test(`the figures of the report of ${report} as ${name} are what was approved`, async () => {
      expectGolden(`${report}.${name}`, await formatNamed(name).render(parts, { ...OPTIONS, command: parts.command, key: 'web' }))
    })
  }
}

for (const { name: format } of Object.values<Format>(FORMATS).filter(({ binary }) => !binary)) {
  test(`an error as ${format} is what was approved`, () => {
    expectGolden(`error.${format}`, formatNamed(format).renderError(FAILURE, { ...OPTIONS, command: format === 'nagios' ? 'health' : 'load' }))
  })
}
