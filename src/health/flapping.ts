import type { Verdict } from '../model/verdict.ts'

/** Verdicts that are remembered for it: twenty places where one can differ from the one before. */
export const REMEMBERED = 21

const OLDEST_WEIGHT = 0.8
const NEWEST_WEIGHT = 1.2
const STARTS_ABOVE = 0.5
const STOPS_BELOW = 0.25

/**
 * How much a check changes, from 0 to 1: changes among its last 21 verdicts of the twenty there could be, where the newest counts half as much again as the oldest.
 * A check that was seen less often counts as steady before. Source: Nagios Core 4 documentation, "Detection and Handling of State Flapping".
 */
export function changeShare(recent: readonly Verdict[]): number {
  const places = REMEMBERED - 1
  const newest = recent.slice(-REMEMBERED)
  const skipped = REMEMBERED - newest.length
  let weighted = 0
  for (let index = 1; index < newest.length; index++) {
    if (newest[index] !== newest[index - 1]) weighted += OLDEST_WEIGHT + ((NEWEST_WEIGHT - OLDEST_WEIGHT) * (skipped + index - 1)) / (places - 1)
  }
  return weighted / places
}

/** Whether a check flaps: it begins above 50 % of changes and ends below 25 %, so that flapping does not flap itself. Source: as above. */
export function isFlapping(recent: readonly Verdict[], wasFlapping: boolean): boolean {
  const share = changeShare(recent)
  return wasFlapping ? share >= STOPS_BELOW : share > STARTS_ABOVE
}
