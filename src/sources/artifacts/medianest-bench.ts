import type { Content, JsonArtifact } from './artifact.ts'
import { broken, failedRun, lacks } from './errors.ts'
import { at, instantOf, isRecord, listAt, numberAt, textAt } from './json-value.ts'
import { figure, p } from './series.ts'

const VERSION = 1

/** Results of our own benchmarks of commands, alone or as `--format json` tells them: milliseconds, every run's time is there and is a median of one, as that of a turn is of several. */
export const medianestBench: JsonArtifact = {
  kind: 'json',
  format: 'medianest-bench',
  name: 'medianest-perf bench',
  mark: 'kind "bench" and commands',
  recognise: (value) => isBench(value) || isBench(at(value, 'data')) || (textAt(value, 'command') === 'bench' && at(value, 'success') === false),
  read(value, reading): Content {
    if (at(value, 'success') === false && !isBench(value)) throw failedRun(reading.file, 'the benchmark', textAt(value, 'error', 'message') ?? 'nothing')
    const bench = isBench(value) ? value : at(value, 'data')
    const version = numberAt(bench, 'version')
    if (version !== VERSION) throw broken(reading.file, `it is a benchmark of version ${String(version)}, version ${VERSION} is known`, undefined, 'read it with the version of this program that wrote it')
    const trouble = textAt(bench, 'trouble', 'kind')
    if (trouble !== undefined && trouble !== 'interrupted') throw failedRun(reading.file, 'the benchmark', `${textAt(bench, 'trouble', 'command') ?? ''} ${textAt(bench, 'trouble', 'why') ?? ''}`)

    const notes: string[] = trouble === undefined ? [] : ['the benchmark was interrupted; its figures are of what was done']
    const commands = (listAt(bench, 'commands') ?? []).flatMap((command, index) => {
      const of = textAt(command, 'name') ?? ''
      const times = numbers(at(command, 'times'), () => lacks(reading, `commands[${index}].times is no list of times`))
      const failures = numberAt(command, 'failures') ?? 0
      if (failures > 0) notes.push(`${failures} of ${times.length} runs of "${of}" ended with an error`)
      const cpu = at(command, 'cpuTimes') === null ? [] : numbers(at(command, 'cpuTimes'), () => lacks(reading, `commands[${index}].cpuTimes is no list of times`))
      return [
        ...(times.length > 0 ? [figure('time', 'ms', 'lower', 'sampled', p(50), times, { of })] : []),
        ...(numberAt(command, 'time', 'p95') === undefined ? [] : [figure('time', 'ms', 'lower', 'sampled', p(95), [numberAt(command, 'time', 'p95')], { of })]),
        ...(cpu.length > 0 ? [figure('time.cpu', 'ms', 'lower', 'sampled', null, cpu, { of, resolution: numberAt(command, 'cpu', 'step') })] : []),
      ]
    })
    const pairs = (listAt(bench, 'comparison', 'pairs') ?? []).map((pair, index) => {
      const [base, head] = [numberAt(pair, 'base'), numberAt(pair, 'head')]
      if (base === undefined || head === undefined || !(base > 0)) throw lacks(reading, `comparison.pairs[${index}] has no two times`)
      return { base, head }
    })
    const together = pairs.length === 0 ? [] : [
      figure('time.ratio', 'count', 'lower', 'sampled', p(50), pairs.map(({ base, head }) => head / base)),
      // It may be below zero, which only what is neither good nor bad may be.
      figure('time.difference', 'ms', 'neither', 'sampled', p(50), pairs.map(({ base, head }) => head - base)),
    ]
    return {
      surroundings: {
        cpu: textAt(bench, 'environment', 'cpu') ?? null, cores: numberAt(bench, 'environment', 'cores') ?? null, memoryBytes: numberAt(bench, 'environment', 'memoryBytes') ?? null,
        os: [textAt(bench, 'environment', 'os'), textAt(bench, 'environment', 'arch')].filter((part) => part !== undefined).join(' '),
        tool: `${textAt(bench, 'environment', 'tool') ?? ''} bench`.trim(), plan: textAt(bench, 'plan') ?? null,
      },
      takenAt: instantOf(at(bench, 'startedAt')),
      series: [...together, ...commands],
      notes,
    }
  },
}

function isBench(value: unknown): boolean {
  return isRecord(value) && textAt(value, 'kind') === 'bench' && listAt(value, 'commands') !== undefined
}

function numbers(value: unknown, problem: () => Error): readonly number[] {
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'number' && Number.isFinite(each))) throw problem()
  return value as readonly number[] // each was just looked at
}
