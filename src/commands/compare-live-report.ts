import { judgedSlices } from '../analysis/compare/interleaved.ts'
import type { SliceTimes } from '../load/slices.ts'
import type { Finding } from '../model/finding.ts'
import type { MeasuredSeries, Surroundings } from '../model/measurements.ts'
import type { Report } from '../model/report.ts'
import { plural } from '../model/text.ts'
import { showDuration, showRatio } from '../model/unit.ts'
import { TITLES } from './compare-live-errors.ts'
import { shownAddress, SIDES, type Builds, type LiveSide, type SideName } from './compare-live-sides.ts'
import type { LiveRecord, Trouble } from './compare-live-slices.ts'
import { compareReport } from './compare-report.ts'

/** What is known of a comparison of running builds besides what was measured. */
export interface LiveTerms {
  readonly sides: Readonly<Record<SideName, LiveSide>>
  readonly builds: Builds
  readonly times: SliceTimes
  readonly seed: number
  /** What each workload does in a slice. */
  readonly levels: readonly string[]
  readonly notes: readonly string[]
  readonly surroundings: Surroundings
  readonly interrupted: 'SIGINT' | 'SIGTERM' | undefined
  readonly startedAt: Date
  readonly finishedAt: Date
}

/** Above this share of a core the generator may be what is measured, and an idle build is not idle. */
const BUSY = { generator: 0.9, idle: 0.05 }

/** The report of a comparison of running builds. */
export function liveReport(record: LiveRecord, terms: LiveTerms): Report {
  const { sides, times, seed, levels, startedAt, finishedAt, surroundings } = terms
  const { interleaved, pairs, trouble } = record
  // Where a side did not hold out, what was measured before is no verdict.
  const isBroken = trouble !== null && trouble.kind !== 'interrupted'
  const figures = judgedSlices(interleaved).map((figure) => (isBroken ? { ...figure, gates: false } : figure))
  const side = (name: SideName): Parameters<typeof compareReport>[0]['base'] => ({
    files: [nameOf(sides[name])],
    measured: { file: nameOf(sides[name]), format: 'medianest', surroundings, takenAt: startedAt.getTime(), series: figures.map((figure): MeasuredSeries => figure[name]), notes: [] },
  })
  const early = figures.filter(({ gates, settledAfter }) => gates && typeof settledAfter === 'number' && settledAfter < pairs.length)
  const gates = new Set(interleaved.gates.keys())
  const told = compareReport(
    { base: side('base'), head: side('head'), comparability: { comparable: true, reasons: [], notes: [], unknown: [] }, rules: interleaved.rules, figures, onlyBase: [], onlyHead: [] },
    {
      gates, strangers: [], common: gates.size, preset: undefined, per: 'slice', force: false, startedAt, finishedAt,
      live: {
        hint: trouble?.kind === 'interrupted' ? `let it finish: it is judged after ${interleaved.looks.join(', ')} pairs` : 'measure longer slices (--slice 3s) on a quieter machine; cpu.per_request (--gate, with --base-cmd and --head-cmd) has the least noise where answers have to be computed',
        findings: findingsOf(record, terms),
        facts: [
          { label: 'Measured', value: `${plural(pairs.length, 'pair')} of slices of ${showDuration(times.sliceMs)}, in ${showDuration(record.elapsedMs)}` },
          { label: 'Each slice', value: levels.join(', ') },
        ],
        notes: [
          ...(early.length > 0 ? [`settled before the last pair, and not changed by later ones: ${early.map(({ key, settledAfter }) => `${key} after ${settledAfter ?? 0}`).join(', ')}; medians are of all ${pairs.length}`] : []),
          ...notesOf(record, terms),
        ],
        data: {
          interleaved: { sliceMs: times.sliceMs, settleMs: times.settleMs, looks: interleaved.looks, pairs: pairs.length, seed, levels, elapsedMs: Math.round(record.elapsedMs), generatorCpu: record.generatorCpu, idleCpu: record.idleCpu, stopped: trouble === null ? null : trouble.kind },
          pairs,
        },
      },
    },
  )
  return { ...told, interrupted: terms.interrupted, unreachable: trouble?.kind === 'ended' || trouble?.kind === 'silent' }
}

function nameOf({ url, command }: LiveSide): string {
  return `${command === undefined ? '' : 'the build at '}${shownAddress(url)}`
}

function findingsOf({ trouble, pairs, generatorCpu }: LiveRecord, terms: LiveTerms): Finding[] {
  return [
    ...(trouble === null ? [] : [troubleFinding(trouble, pairs.length, terms)]),
    ...(pairs.length > 0 && generatorCpu > BUSY.generator ? [{ id: 'generator-bound', verdict: 'warn', observed: generatorCpu, limit: BUSY.generator, unit: 'ratio', title: `generator-bound: the generator used ${showRatio(Math.round(generatorCpu * 100) / 100)} of a core, so a change may be hidden behind it`, hint: 'give the generator a core of its own, or ask for less load' } as const] : []),
  ]
}

function troubleFinding(trouble: Trouble, pairs: number, { sides }: LiveTerms): Finding {
  const after = pairs === 0 ? 'before a pair was measured' : `after ${plural(pairs, 'pair')}`
  if (trouble.kind === 'interrupted') return { id: 'interrupted', verdict: pairs === 0 ? 'unknown' : 'warn', isInconclusive: true, title: `interrupted ${after}: the result is partial` }
  const { side } = trouble
  const { url } = sides[side]
  if (trouble.kind === 'ended') return { id: `build-ended:${side}`, verdict: 'unknown', title: `the build of the ${TITLES[side]} ended while it was measured (${trouble.how}), ${after}`, hint: 'see its last words in the notes, and what it does under this load alone: medianest-perf load' }
  if (trouble.kind === 'silent') return { id: `unreachable:${side}`, verdict: 'unknown', title: `nothing answered at ${url}, ${after}: ${trouble.message}`, hint: `see that the ${TITLES[side]} runs there, or start it with --${side}-cmd` }
  return { id: `all-failed:${side}`, verdict: 'unknown', title: `all ${trouble.requests} requests to the ${TITLES[side]} failed: ${trouble.message}`, metric: 'http.failed', observed: 1, unit: 'ratio', hint: `see that ${url} has what is asked for, and what it answers` }
}

function notesOf(record: LiveRecord, { builds, notes, times }: LiveTerms): string[] {
  const { trouble, pairs, completedFlows, dropped, late, idleCpu } = record
  const words = trouble?.kind === 'ended' ? (builds[trouble.side]?.lastWords() ?? []) : []
  return [
    ...(trouble?.kind === 'ended' && words.length > 0 ? [`the build of the ${TITLES[trouble.side]} said last: ${words.join(' / ')}`] : []),
    ...(pairs.length > 0 ? [`the first ${showDuration(times.settleMs)} of each slice do not count; what is on the way at its end is waited for`] : []),
    ...(pairs.length > 0 && completedFlows === 0 ? ['no user came to the end of its flow within a slice: only beginnings of flows were compared; take longer slices with --slice'] : []),
    ...(dropped > 0 ? [`${plural(dropped, 'arrival')} never began, because users were at their cap`] : []),
    ...(late > 0 ? [`${plural(late, 'arrival')} began late`] : []),
    ...SIDES.flatMap((side) => ((idleCpu[side] ?? 0) > BUSY.idle ? [`the build of the ${TITLES[side]} used ${showRatio(Math.round((idleCpu[side] ?? 0) * 100) / 100)} of a core while it was the other's turn: that is in the other's figures`] : [])),
    ...SIDES.flatMap((side) => (record.errors[side].size === 0 ? [] : [`failed requests of the ${TITLES[side]}: ${[...record.errors[side]].map(([kind, count]) => `${kind} ×${count}`).join(', ')}`])),
    ...notes, ...record.notes,
  ]
}
