import type { MeasuredSeries } from '../../model/measurements.ts'
import type { Content, JsonArtifact } from './artifact.ts'
import { benchFigures, noFigure } from './bench-figures.ts'
import { at, isRecord, listAt, numberAt, textAt } from './json-value.ts'
import { AVG, figure, p, RATE, times } from './series.ts'

const NANOSECOND = 1e-6

/** Results of tinybench that were written as JSON: its tasks, their results with a name, or its table. */
export const tinybench: JsonArtifact = {
  kind: 'json',
  format: 'tinybench',
  name: 'tinybench',
  mark: 'a list of name with result or latency, or bench.table()',
  recognise: (value) => {
    const tasks = tasksOf(value)
    return tasks !== undefined && tasks.length > 0 && tasks.every((task) => isRow(task) || (textAt(task, 'name') !== undefined && (isRecord(at(task, 'result')) || hasFigures(task))))
  },
  read(value): Content {
    const notes: string[] = []
    const series = (tasksOf(value) ?? []).flatMap((task) => {
      if (isRow(task)) return rowFigures(task)
      const of = textAt(task, 'name') ?? ''
      const result = at(task, 'result') ?? task
      if (hasFigures(result)) return benchFigures(result, of)
      notes.push(`"${of}" has no result: it failed`)
      return noFigure(of)
    })
    return { surroundings: { tool: 'tinybench' }, series, notes }
  },
}

function tasksOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as readonly unknown[]) : (listAt(value, 'tasks') ?? listAt(value, 'results'))
}

function hasFigures(result: unknown): boolean {
  return numberAt(result, 'latency', 'mean') !== undefined || (numberAt(result, 'mean') !== undefined && numberAt(result, 'hz') !== undefined)
}

const NAMES = ['Task name', 'Task Name'] as const

function isRow(task: unknown): boolean {
  return NAMES.some((name) => textAt(task, name) !== undefined)
}

/** A row of the table: nanoseconds, as numbers or as text like `1074.9 ± 0.32%` and `5,395,925`. */
function rowFigures(row: unknown): MeasuredSeries[] {
  const cell = (...names: readonly string[]): number | undefined => {
    const found = names.map((name) => at(row, name)).find((each) => each !== undefined)
    const number = Number(/^[\d.]+/.exec(String(typeof found === 'string' ? found.replaceAll(',', '') : typeof found === 'number' ? found : '')))
    return Number.isFinite(number) && number > 0 ? number : undefined
  }
  const of = NAMES.map((name) => textAt(row, name)).find((name) => name !== undefined) ?? ''
  const perSecond = cell('Throughput avg (ops/s)', 'Throughput average (ops/s)', 'ops/sec')
  const series = [
    ...times('time', [[AVG, cell('Latency avg (ns)', 'Latency average (ns)', 'Average Time (ns)')], [p(50), cell('Latency med (ns)', 'Latency median (ns)')]], NANOSECOND, { of }),
    ...(perSecond === undefined ? [] : [figure('operations', 'per_second', 'higher', 'sampled', RATE, [perSecond], { of })]),
  ]
  return series.length > 0 ? series : noFigure(of)
}
