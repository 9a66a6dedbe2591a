import type { Content, JsonArtifact } from './artifact.ts'
import { lacks } from './errors.ts'
import { at, listAt, numberAt, textAt } from './json-value.ts'
import { AVG, figure, times } from './series.ts'

const SECOND = 1_000

/** What `hyperfine --export-json` writes: seconds, whatever unit it showed; every run's time is there. */
export const hyperfine: JsonArtifact = {
  kind: 'json',
  format: 'hyperfine',
  name: 'hyperfine --export-json',
  mark: 'results with command and times',
  recognise: (value) => {
    const results = listAt(value, 'results')
    return results !== undefined && results.length > 0 && results.every((result) => textAt(result, 'command') !== undefined && (at(result, 'times') !== undefined || at(result, 'median') !== undefined))
  },
  read(value, reading): Content {
    const notes: string[] = []
    const series = (listAt(value, 'results') ?? []).flatMap((result, index) => {
      const of = textAt(result, 'command') ?? ''
      const taken = listAt(result, 'times') ?? []
      const numbers = taken.filter((time): time is number => typeof time === 'number')
      if (numbers.length === 0 || numbers.length < taken.length) throw lacks(reading, `results[${index}].times is no list of numbers`)
      const failed = (listAt(result, 'exit_codes') ?? []).filter((code) => code !== 0).length
      if (failed > 0) notes.push(`${failed} of ${taken.length} runs of "${of}" ended with an error`)
      const memory = (listAt(result, 'memory_usage_byte') ?? []).filter((bytes): bytes is number => typeof bytes === 'number')
      return [
        figure('time', 'ms', 'lower', 'sampled', null, numbers.map((seconds) => seconds * SECOND), { of }),
        ...times('time.user', [[AVG, numberAt(result, 'user')]], SECOND, { of }),
        ...times('time.system', [[AVG, numberAt(result, 'system')]], SECOND, { of }),
        ...(memory.length > 0 ? [figure('memory', 'bytes', 'lower', 'sampled', null, memory, { of })] : []),
      ]
    })
    return { surroundings: { tool: 'hyperfine' }, series, notes }
  },
}
