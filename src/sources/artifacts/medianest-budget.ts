import type { MeasuredSeries } from '../../model/measurements.ts'
import { VERDICTS, worst, type Verdict } from '../../model/verdict.ts'
import type { Content, JsonArtifact } from './artifact.ts'
import { failedRun, lacks } from './errors.ts'
import { at, instantOf, isRecord, listAt, numberAt, textAt } from './json-value.ts'
import { figure } from './series.ts'

const UNITS: ReadonlySet<unknown> = new Set<MeasuredSeries['unit']>(['ms', 'bytes', 'ratio', 'count', 'per_second', 'bytes_per_second', 'hertz', 'celsius'])

/** Results of our own budgets, alone or as `--format json` tells them: a figure for each result, named after its line. */
export const medianestBudget: JsonArtifact = {
  kind: 'json',
  format: 'medianest-budget',
  name: 'medianest-perf budget',
  mark: 'violations, results and budgets',
  recognise: (value) => isBudget(value) || isBudget(at(value, 'data')) || (textAt(value, 'command') === 'budget' && at(value, 'success') === false),
  read(value, reading): Content {
    if (at(value, 'success') === false && !isBudget(value)) throw failedRun(reading.file, 'the budget', textAt(value, 'error', 'message') ?? 'nothing')
    const data = isBudget(value) ? value : at(value, 'data')
    const results = listAt(data, 'results') ?? []
    const gone = results.filter((result) => numberAt(result, 'measured') === undefined).map((result) => textAt(result, 'id') ?? '')
    return {
      surroundings: { tool: 'medianest-perf budget' },
      takenAt: instantOf(at(data, 'timestamp')),
      series: results.map((result, index) => seriesOf(result, (what) => lacks(reading, `result ${index + 1} (${textAt(result, 'id') ?? ''}) ${what}`))),
      outcome: { verdict: verdictNamed(textAt(value, 'verdict')) ?? ownVerdict(results), isPartial: textAt(value, 'meta', 'interrupted') !== undefined },
      notes: gone.length > 0 ? [`not measured then: ${gone.slice(0, 5).join(', ')}${gone.length > 5 ? ` and ${gone.length - 5} more` : ''}`] : [],
    }
  },
}

function verdictNamed(word: string | undefined): Verdict | undefined {
  return VERDICTS.find((verdict) => verdict === word)
}

/** Of a result without the answer around it: what its lines came to; null where none was judged. */
function ownVerdict(results: readonly unknown[]): Verdict | null {
  const told = results.flatMap((result) => verdictNamed(textAt(result, 'verdict')) ?? [])
  return told.length === 0 ? null : worst(told)
}

function isBudget(value: unknown): boolean {
  return isRecord(value) && listAt(value, 'violations') !== undefined && listAt(value, 'results') !== undefined && listAt(value, 'budgets') !== undefined
}

/** The values of a figure that differs from run to run, so that runs can be compared; of one that is counted, what it came to. */
function seriesOf(result: unknown, problem: (what: string) => Error): MeasuredSeries {
  const [id, unit, better, kind] = [textAt(result, 'id'), at(result, 'unit'), at(result, 'better'), at(result, 'class')]
  if (id === undefined) throw problem('has no "id"')
  if (!UNITS.has(unit)) throw problem('has no unit that is known')
  if (better !== 'lower' && better !== 'higher') throw problem('has a "better" that is neither lower nor higher')
  if (kind !== 'exact' && kind !== 'sampled') throw problem('has a "class" that is neither exact nor sampled')
  const values = listAt(result, 'values') ?? []
  if (!values.every((value) => typeof value === 'number')) throw problem('has values that are no numbers')
  const told = kind === 'sampled' && values.length > 0 ? values : [numberAt(result, 'measured')]
  return figure(id, unit as MeasuredSeries['unit'], better, kind, null, told, { of: textAt(result, 'of') ?? '' }) // one of UNITS
}
