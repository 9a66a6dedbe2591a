import { addSlices, isSettled, type Interleaved } from '../analysis/compare/interleaved.ts'
import type { Host } from '../host.ts'
import { pairFigures, type SliceCpu } from '../load/slice-figures.ts'
import type { Slice, SliceTimes } from '../load/slices.ts'
import { plain } from '../model/text.ts'
import { readProcessorTime, usedBetween } from '../sources/builds/processor-time.ts'
import { sliceTooShort, TITLES } from './compare-live-errors.ts'
import { SIDES, type Builds, type SideName } from './compare-live-sides.ts'
import type { LiveTraffic } from './compare-live-traffic.ts'

/** What one slice came to, as it is kept for a later look. Times in milliseconds, null where nothing was measured. */
export interface RawSlice {
  /** Offset of its beginning from that of the first slice. */
  readonly at: number
  readonly requests: number
  readonly failed: number
  readonly p50: number | null
  readonly mean: number | null
  readonly p95: number | null
  readonly rate: number
  readonly cpuMs: number | null
  readonly answered: number
}

/** A pair of slices. */
export type RawPair = Readonly<Record<SideName, RawSlice>> & { readonly first: SideName }

/** Why there is no answer. */
export type Trouble =
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'ended'; readonly side: SideName; readonly how: string }
  | { readonly kind: 'silent' | 'failing'; readonly side: SideName; readonly requests: number; readonly message: string }

/** A slice, and the processor time its side's build used in it. */
interface Measured {
  readonly slice: Slice
  readonly cpu: SliceCpu | null
}

/** All that was measured. */
export interface LiveRecord {
  readonly interleaved: Interleaved
  readonly pairs: readonly RawPair[]
  readonly trouble: Trouble | null
  readonly errors: Readonly<Record<SideName, ReadonlyMap<string, number>>>
  readonly notes: readonly string[]
  readonly completedFlows: number
  readonly late: number
  readonly dropped: number
  /** Share of one core that the generator used. */
  readonly generatorCpu: number
  /** Processor time that a side's build used while it was the other's turn, as a share of one core; null where it is not known. */
  readonly idleCpu: Readonly<Record<SideName, number | null>>
  readonly elapsedMs: number
}

/** What measuring takes of the run around it. */
export interface LiveWorld {
  readonly traffic: LiveTraffic
  readonly times: SliceTimes
  readonly seed: number
  readonly builds: Builds
  readonly host: Pick<Host, 'now' | 'usage'>
  /** Breaks it off: interrupted, or a build has ended. */
  readonly signal: AbortSignal
  /** Told before each slice, with what was measured of the side last. */
  readonly onSlice: (side: SideName, interleaved: Interleaved, latest: Slice | null, isWarmUp: boolean) => void
  readonly onPair: (interleaved: Interleaved) => void
}

/** So many requests do not all fail by chance. */
const FEW = 10

/** Measures both sides in turns, ABBA, after a slice each that does not count, until what decides is settled. Throws UserError where slices are too short to measure anything. */
export async function runSlices(start: Interleaved, world: LiveWorld): Promise<LiveRecord> {
  const { traffic, times, builds, host, signal } = world
  const begun = { at: host.now(), cpuMs: host.usage().cpuMs }
  const counts = { completedFlows: 0, late: 0, dropped: 0 }
  const errors = { base: new Map<string, number>(), head: new Map<string, number>() }
  const notes = new Set<string>()
  const answered = { base: new Set<string>(), head: new Set<string>() }
  const idle = { base: { ms: 0, ofMs: 0 }, head: { ms: 0, ofMs: 0 } }
  const pairs: RawPair[] = []
  let interleaved = start
  let latest: Slice | null = null
  let trouble: Trouble | null = null

  const measure = async (side: SideName, seed: string, isWarmUp = false): Promise<Measured | null> => {
    world.onSlice(side, interleaved, latest, isWarmUp)
    const before = readBoth(builds)
    const slice = await traffic.run(side, seed, signal)
    if (slice === null) {
      trouble = whyAborted(builds)
      return null
    }
    latest = slice
    const { recorder } = slice
    for (const [name, { times }] of recorder.endpoints) if (times.count > 0) answered[side].add(name)
    for (const [kind, { count }] of recorder.errors) errors[side].set(kind, (errors[side].get(kind) ?? 0) + count)
    for (const note of recorder.notes) notes.add(note)
    counts.completedFlows += recorder.completedFlows
    counts.late += slice.late
    counts.dropped += slice.dropped
    const after = readBoth(builds)
    const other = side === 'base' ? 'head' : 'base'
    const used = (name: SideName): SliceCpu | null => (before[name] && after[name] ? usedBetween(before[name], after[name]) : null)
    const idled = used(other)
    if (idled) {
      idle[other].ms += idled.ms
      idle[other].ofMs += slice.elapsedMs
    }
    if (recorder.answered === 0 && recorder.errors.size > 0) {
      trouble = { kind: 'silent', side, requests: recorder.total.requests, message: [...recorder.errors.values()][0]?.message ?? '' }
      return null
    }
    return { slice, cpu: used(side) }
  }

  for (const side of SIDES) {
    const warmed = trouble === null ? await measure(side, `${world.seed} warm-up`, true) : null
    if (warmed === null) break
    if (warmed.slice.recorder.total.requests === 0) throw sliceTooShort(side, times.sliceMs, warmed.slice.recorder.answered > 0)
    trouble = whyFailing(side, warmed.slice)
  }

  while (trouble === null && !isSettled(interleaved) && pairs.length < Math.max(...interleaved.looks)) {
    const first: SideName = pairs.length % 2 === 0 ? 'base' : 'head'
    const seed = `${world.seed} pair ${pairs.length + 1}`
    const one = await measure(first, seed)
    const other = one && (await measure(first === 'base' ? 'head' : 'base', seed))
    if (!one || !other) break
    const [base, head] = first === 'base' ? [one, other] : [other, one]
    // A current side that fails has regressed; beside a baseline that does, nothing has.
    trouble = base.slice.recorder.total.requests >= FEW ? whyFailing('base', base.slice) : null
    if (trouble !== null) break
    pairs.push({ first, base: rawSlice(base, begun.at), head: rawSlice(head, begun.at) })
    interleaved = addSlices(interleaved, ...pairFigures(base, head))
    world.onPair(interleaved)
  }
  for (const name of [...answered.base, ...answered.head]) if (pairs.length > 0 && answered.base.has(name) !== answered.head.has(name)) notes.add(`only the ${TITLES[answered.base.has(name) ? 'base' : 'head']} has answered ${plain(name, 100)}`)
  const elapsedMs = host.now() - begun.at
  const idleCpu = ({ ms, ofMs }: { readonly ms: number; readonly ofMs: number }): number | null => (ofMs > 0 ? ms / ofMs : null)
  return {
    interleaved, pairs, trouble, errors, ...counts, notes: [...notes], elapsedMs,
    generatorCpu: (host.usage().cpuMs - begun.cpuMs) / Math.max(1, elapsedMs),
    idleCpu: { base: idleCpu(idle.base), head: idleCpu(idle.head) },
  }
}

function readBoth(builds: Builds): Record<SideName, ReturnType<typeof readProcessorTime>> {
  const of = (side: SideName): ReturnType<typeof readProcessorTime> => (builds[side] ? readProcessorTime(builds[side].pid) : null)
  return { base: of('base'), head: of('head') }
}

function whyAborted(builds: Builds): Trouble {
  const side = SIDES.find((name) => builds[name]?.ended.aborted)
  return side === undefined ? { kind: 'interrupted' } : { kind: 'ended', side, how: String(builds[side]?.ended.reason) }
}

/** Where nothing but failures comes back there is nothing to measure. */
function whyFailing(side: SideName, { recorder: { total, errors } }: Slice): Trouble | null {
  return total.failed < total.requests ? null : { kind: 'failing', side, requests: total.requests, message: [...errors.values()][0]?.message ?? '' }
}

function rawSlice({ slice: { recorder, startedAt, rate }, cpu }: Measured, zero: number): RawSlice {
  const { total: { requests, failed, times }, answered } = recorder
  return {
    at: rounded(startedAt - zero) ?? 0, requests, failed, answered, rate: rounded(rate) ?? 0,
    p50: rounded(times.percentile(50)), mean: rounded(times.mean), p95: rounded(times.percentile(95)), cpuMs: cpu && rounded(cpu.ms),
  }
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 1_000) / 1_000 : null
}
