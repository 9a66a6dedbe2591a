import type { Content, JsonArtifact } from './artifact.ts'
import { benchFigures, noFigure } from './bench-figures.ts'
import { listAt, numberAt, textAt } from './json-value.ts'

/** What `vitest bench --outputJson` writes: milliseconds. */
export const vitestBench: JsonArtifact = {
  kind: 'json',
  format: 'vitest-bench',
  name: 'vitest bench --outputJson',
  mark: 'files, groups and benchmarks',
  recognise: (value) => listAt(value, 'files')?.some((file) => listAt(file, 'groups')?.some((group) => listAt(group, 'benchmarks') !== undefined)) ?? false,
  read(value): Content {
    const notes: string[] = []
    const series = (listAt(value, 'files') ?? []).flatMap((file) => (listAt(file, 'groups') ?? []).flatMap((group) => (listAt(group, 'benchmarks') ?? []).flatMap((benchmark) => {
      const of = [textAt(group, 'fullName'), textAt(benchmark, 'name')].filter((name) => name !== undefined && name !== '').join(' > ')
      if (numberAt(benchmark, 'mean') !== undefined || numberAt(benchmark, 'latency', 'mean') !== undefined) return benchFigures(benchmark, of)
      notes.push(`"${of}" has no result`)
      return noFigure(of)
    })))
    return { surroundings: { tool: 'vitest bench' }, series, notes }
  },
}
