import { seriesKey, type Measurements, type Surroundings } from '../../model/measurements.ts'
import { append } from './append.ts'
import { mixedSide } from './errors.ts'

/**
 * Several files of one side as one, their values in time order (files that do not tell their time in the order given). What they differ in besides is noted.
 * Throws UserError `MIXED_SIDE` for different formats, plans or units, and for no files.
 */
export function joinSide(list: readonly Measurements[]): Measurements {
  const [only] = list
  if (!only) throw mixedSide('a side of a comparison has no files', 'name at least one file of results')
  if (list.length === 1) return only
  const timed = list.every(({ takenAt }) => takenAt !== null)
  const files = timed ? [...list].sort((a, b) => (a.takenAt ?? 0) - (b.takenAt ?? 0)) : [...list]
  expectOne(files, 'formats', ({ format }) => format, 'put results of one tool on each side')
  expectOne(files, 'plans', ({ surroundings }) => surroundings.plan, 'put results of one plan on each side')
  const series = append(files.map((each) => each.series))
  const units = new Map(series.map((each) => [seriesKey(each), each.unit]))
  const strange = files.flatMap((each) => each.series).find((each) => units.get(seriesKey(each)) !== each.unit)
  if (strange) throw mixedSide(`${seriesKey(strange)} has different units in the files of one side`, 'measure it in one unit')
  const missing = files.flatMap((each) => (each.series.length < series.length ? [each.file] : []))
  return {
    file: files.length > 3 ? `${files[0]?.file ?? ''} and ${files.length - 1} more` : files.map(({ file }) => file).join(', '),
    format: only.format,
    surroundings: joinSurroundings(files),
    takenAt: timed ? (files[0]?.takenAt ?? null) : null,
    series,
    notes: [
      ...new Set(files.flatMap(({ notes }) => notes)),
      ...(missing.length > 0 ? [`not every figure is in every file: some are missing in ${missing.slice(0, 3).join(', ')}`] : []),
      ...differences(files),
    ],
  }
}

function expectOne(files: readonly Measurements[], what: string, pick: (each: Measurements) => string | null, hint: string): void {
  const [first] = files
  const other = files.find((each) => first && pick(each) !== pick(first))
  if (!first || !other) return
  throw mixedSide(`the files of one side have different ${what}: ${first.file} (${pick(first) ?? 'not known'}) and ${other.file} (${pick(other) ?? 'not known'})`, hint)
}

const TEXTS = ['cpu', 'os', 'tool', 'plan'] as const
const COUNTS = ['cores', 'memoryBytes'] as const

function joinSurroundings(files: readonly Measurements[]): Surroundings {
  const texts = TEXTS.map((key) => {
    const found = [...new Set(files.map(({ surroundings }) => surroundings[key]))]
    // Named together they equal no single machine, so nothing that is compared with them passes for the same.
    return [key, found.length === 1 ? (found[0] ?? null) : found.map((text) => text ?? 'not known').sort().join(' | ')] as const
  })
  const counts = COUNTS.map((key) => {
    const found = [...new Set(files.map(({ surroundings }) => surroundings[key]))]
    return [key, found.length === 1 ? (found[0] ?? null) : null] as const
  })
  return { cpu: null, os: null, tool: null, plan: null, cores: null, memoryBytes: null, ...Object.fromEntries(texts), ...Object.fromEntries(counts) }
}

function differences(files: readonly Measurements[]): string[] {
  const differ = [...TEXTS, ...COUNTS].filter((key) => new Set(files.map(({ surroundings }) => surroundings[key])).size > 1)
  return differ.length > 0 ? [`the files of this side were not measured alike: they differ in ${differ.join(', ')}`] : []
}
