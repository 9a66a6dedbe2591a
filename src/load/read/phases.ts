import * as z from 'zod/mini'
import type { RateSegment } from '../../model/plan.ts'
import { conflictingKeys, duplicateName, invalidValue, misplacedKey, missingValue, noLoad } from './errors.ts'
import { amount, countOf, durationOf, numberOf } from './quantity.ts'
import type { Spot } from './spot.ts'

/** One of Artillery's load phases. */
export const phaseSchema = z.strictObject({
  name: z.optional(z.string()),
  duration: z.optional(amount),
  arrivalRate: z.optional(amount),
  rampTo: z.optional(amount),
  arrivalCount: z.optional(amount),
  pause: z.optional(amount),
  maxVusers: z.optional(amount),
})

type Phase = z.infer<typeof phaseSchema>

/** The rate curve of Artillery's phases. Throws UserError `NO_LOAD`, `INVALID_VALUE`, `CONFLICTING_KEYS`, `MISPLACED_KEY` or `DUPLICATE_NAME`. */
export function readPhases(phases: readonly Phase[], spot: Spot): RateSegment[] {
  const names = new Set<string>()
  const segments = phases.map((phase, index) => {
    const segment = readPhase(phase, index, spot.at(index))
    if (names.has(segment.name)) throw duplicateName('phases', segment.name, spot.at(index))
    names.add(segment.name)
    return segment
  })
  if (segments.length === 0) throw noLoad(spot, `"${spot.name}" has no phase`, 'add one, like {duration: 60, arrivalRate: 10}')
  if (segments.every((segment) => segment.arrivals === undefined ? segment.from === 0 && segment.to === 0 : segment.arrivals === 0)) throw noLoad(spot, `no phase of "${spot.name}" lets anyone arrive`, 'give one of them an arrivalRate or arrivalCount')
  return segments
}

function readPhase(phase: Phase, index: number, spot: Spot): RateSegment {
  const name = phase.name ?? `phase ${index + 1}`
  const rate = (key: 'arrivalRate' | 'rampTo'): number | undefined => (phase[key] === undefined ? undefined : numberOf(phase[key], spot.at(key)))
  if (phase.pause !== undefined) {
    const stray = (['duration', 'arrivalRate', 'rampTo', 'arrivalCount', 'maxVusers'] as const).find((key) => phase[key] !== undefined)
    if (stray !== undefined) throw misplacedKey(spot, stray, 'in a pause nobody arrives')
    return { name, durationMs: durationOf(phase.pause, spot.at('pause'), 1_000, 'more'), from: 0, to: 0, maxUsers: null }
  }
  if (phase.arrivalCount === undefined && phase.arrivalRate === undefined && phase.rampTo === undefined) throw missingValue(spot, 'arrivalRate', 'a phase says who arrives by "arrivalRate", "rampTo" or "arrivalCount", or is a "pause"')
  if (phase.duration === undefined) throw missingValue(spot, 'duration', 'a phase lasts a number of seconds, or a text such as 5m')
  const durationMs = durationOf(phase.duration, spot.at('duration'), 1_000, 'more')
  const maxUsers = phase.maxVusers === undefined ? null : countOf(phase.maxVusers, spot.at('maxVusers'), 1)
  if (phase.arrivalCount !== undefined) {
    if (phase.arrivalRate !== undefined || phase.rampTo !== undefined) throw conflictingKeys(spot, ['arrivalCount', phase.arrivalRate === undefined ? 'rampTo' : 'arrivalRate'], 'a phase has a number of arrivals or a rate')
    const arrivals = countOf(phase.arrivalCount, spot.at('arrivalCount'), 0, 1e9)
    const even = arrivals / (durationMs / 1_000)
    return { name, durationMs, from: even, to: even, arrivals, maxUsers }
  }
  const from = rate('arrivalRate') ?? 0
  return { name, durationMs, from, to: rate('rampTo') ?? from, maxUsers }
}

/** The weights of flows, without those that are never picked. Throws UserError `INVALID_VALUE` for a negative one or nothing but zeros. */
export function readWeights(scenarios: readonly { readonly weight?: z.infer<typeof amount> | undefined }[], spot: Spot): { readonly flow: number; readonly weight: number }[] {
  const weights = scenarios.map(({ weight = 1 }, flow) => ({ flow, weight: numberOf(weight, spot.at(flow, 'weight'), 0, 1e9) }))
  const picked = weights.filter(({ weight }) => weight > 0)
  if (picked.length === 0) throw invalidValue(spot.at(0, 'weight'), 'must be more than 0 in at least one of the scenarios', 0)
  return picked
}
