import type { ClosedWorkload, OpenWorkload, RateSegment } from '../model/plan.ts'

/** When each arrival of an open workload is due, in closed form: nothing accumulates, so nothing drifts. */
export interface Schedule {
  /** How many arrivals there are in all. */
  readonly arrivals: number
  readonly durationMs: number
  /** When arrival `n` (from 0) is due, milliseconds from the workload's start; Infinity past the last. */
  dueAt(n: number): number
  /** Arrivals per second asked for at a moment of the workload. */
  rateAt(ms: number): number
  /** Index of the segment a moment belongs to; the last one after the end. */
  segmentAt(ms: number): number
  /** When the next segment begins; Infinity in the last. */
  seamAfter(ms: number): number
}

interface Piece {
  readonly segment: RateSegment
  readonly startMs: number
  /** Arrivals per millisecond at its beginning, and how much that grows each millisecond. */
  readonly rate: number
  readonly slope: number
  /** Arrivals due before it begins and before it ends; whole numbers only where the rates make them so. */
  readonly before: number
  readonly after: number
}

/** Rounding of the rates must not add or lose an arrival at the seams. */
const SLACK = 1e-6

/**
 * The schedule of an open workload: arrival n is due when the area under the rate curve reaches n, so a constant
 * rate r puts arrival n at n/r, and a ramp follows the square root that its area demands.
 */
export function schedule(workload: Pick<OpenWorkload, 'segments'>): Schedule {
  const pieces: Piece[] = []
  let startMs = 0
  let area = 0
  for (const segment of workload.segments) {
    const piece = pieceOf(segment, startMs, area)
    pieces.push(piece)
    startMs += segment.durationMs
    area = piece.after
  }
  const arrivals = Math.ceil(area - SLACK)
  // Arrivals are asked for in order, so the search begins where the last one ended.
  let cursor = 0
  return {
    arrivals,
    durationMs: startMs,
    dueAt(n) {
      if (n >= arrivals) return Number.POSITIVE_INFINITY
      if (n < (pieces[cursor]?.before ?? 0) - SLACK) cursor = 0
      while (cursor < pieces.length - 1 && n >= (pieces[cursor]?.after ?? 0) - SLACK) cursor++
      const piece = pieces[cursor]
      return piece ? piece.startMs + timeToReach(piece, Math.max(0, n - piece.before)) : Number.POSITIVE_INFINITY
    },
    rateAt(ms) {
      const piece = pieces[indexAt(pieces, ms)]
      if (!piece || ms >= startMs) return 0
      return (piece.rate + piece.slope * Math.max(0, ms - piece.startMs)) * 1_000
    },
    segmentAt: (ms) => indexAt(pieces, ms),
    seamAfter: (ms) => pieces.find((piece) => piece.startMs > ms)?.startMs ?? Number.POSITIVE_INFINITY,
  }
}

function pieceOf(segment: RateSegment, startMs: number, area: number): Piece {
  if (segment.arrivals !== undefined) {
    const before = Math.ceil(area - SLACK)
    const rate = segment.durationMs > 0 ? segment.arrivals / segment.durationMs : Number.POSITIVE_INFINITY
    return { segment, startMs, rate, slope: 0, before, after: before + segment.arrivals }
  }
  const rate = segment.from / 1_000
  const slope = segment.durationMs > 0 ? (segment.to / 1_000 - rate) / segment.durationMs : 0
  return { segment, startMs, rate, slope, before: area, after: area + ((segment.from + segment.to) / 2_000) * segment.durationMs }
}

/** Solves rate·t + slope·t²/2 = arrivals for t, in the form that does not cancel for small slopes. */
function timeToReach({ rate, slope }: Piece, arrivals: number): number {
  if (arrivals === 0 || rate === Number.POSITIVE_INFINITY) return 0
  return (2 * arrivals) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * arrivals)))
}

function indexAt(pieces: readonly { readonly startMs: number }[], ms: number): number {
  let index = 0
  while (index < pieces.length - 1 && (pieces[index + 1]?.startMs ?? Number.POSITIVE_INFINITY) <= ms) index++
  return index
}

/** The curve of users of a closed workload. */
export interface UserCurve {
  readonly durationMs: number
  /** Most users at any time. */
  readonly peak: number
  /** Users wanted at a moment from the workload's start; 0 from its end on. */
  usersAt(ms: number): number
  stageAt(ms: number): number
}

/** The curve of a closed workload: linear within a stage, whole users only, the jump of a stage of no length at once. */
export function userCurve(workload: Pick<ClosedWorkload, 'stages'>): UserCurve {
  let startMs = 0
  const stages = workload.stages.map((stage) => {
    const placed = { ...stage, startMs }
    startMs += stage.durationMs
    return placed
  })
  const durationMs = startMs
  return {
    durationMs,
    peak: Math.max(0, ...stages.flatMap(({ from, to, durationMs: length }) => (length > 0 ? [from, to] : [to]))),
    usersAt(ms) {
      if (ms < 0 || ms >= durationMs) return 0
      const stage = stages[indexAt(stages, ms)]
      if (!stage) return 0
      const done = stage.durationMs > 0 ? (ms - stage.startMs) / stage.durationMs : 1
      return Math.floor(stage.from + (stage.to - stage.from) * done + SLACK)
    },
    stageAt: (ms) => indexAt(stages, ms),
  }
}
