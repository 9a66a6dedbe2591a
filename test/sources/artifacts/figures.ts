import { readFile } from 'node:fs/promises'
import { seriesKey, type Measurements } from '../../../src/model/measurements.ts'
import { readMeasurements } from '../../../src/sources/artifacts/read-measurements.ts'
import type { ReadChoice } from '../../../src/sources/artifacts/artifact.ts'

const FOLDER = new URL('../../fixtures/artifacts/', import.meta.url)

/** The text of a fixture. */
export function fixture(name: string): Promise<string> {
  return readFile(new URL(name, FOLDER), 'utf8')
}

/** A fixture, read. */
export async function read(name: string, choice: Partial<ReadChoice> = {}): Promise<Measurements> {
  return readMeasurements(name, await fixture(name), choice)
}

const ARROWS = { lower: '↓', higher: '↑', neither: '·' } as const

/** Every figure on one line: name, values, unit, direction, class, events, resolution. */
export function lines({ series }: Measurements): string[] {
  return series.map((each) => {
    const values = each.values.map((value) => String(Number(value.toPrecision(9)))).join(' ')
    const events = each.events ? ` of ${each.events.map(({ yes, total }) => `${yes}/${total}`).join(' ')}` : ''
    return `${seriesKey(each)} = ${values} ${each.unit} ${ARROWS[each.better]} ${each.class}${events}${each.resolution === undefined ? '' : ` ±${each.resolution}`}`
  })
}
