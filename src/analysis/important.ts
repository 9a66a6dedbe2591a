import type { Process } from '../model/process.ts'

/** What makes a process important, in turn, and which share of the places it decides about at most. */
const REASONS: readonly { readonly share: number; readonly weigh: (process: Process) => number }[] = [
  { share: 0.6, weigh: ({ cpu }) => cpu },
  { share: 0.2, weigh: ({ readRate, writeRate }) => (readRate > 0 ? readRate : 0) + (writeRate > 0 ? writeRate : 0) },
  { share: 1, weigh: ({ residentBytes }) => residentBytes },
]

/**
 * At most `count` processes: first those that use the processor most, then those that read and write most, and the places that are left
 * to the largest, so that what fills the memory is there though it sleeps. Those that use nothing are left out.
 */
export function mostImportant(rows: readonly Process[], count: number): Process[] {
  const chosen: Process[] = []
  const weights = new Float64Array(count)
  for (const { share, weigh } of REASONS) {
    const from = chosen.length
    const most = Math.min(count, from + Math.ceil(share * count))
    for (const row of rows) {
      const weight = weigh(row)
      if (!(weight > 0) || (chosen.length >= most && !(weight > (weights[chosen.length - 1] ?? 0)))) continue
      if (from > 0 && chosen.lastIndexOf(row, from - 1) >= 0) continue
      insert(chosen, weights, from, most, row, weight)
    }
  }
  return chosen
}

/** Puts a row where it belongs among those chosen for the same reason, the heaviest first. */
function insert(chosen: Process[], weights: Float64Array, from: number, most: number, row: Process, weight: number): void {
  if (from >= most) return
  let place = chosen.length < most ? chosen.length : most - 1
  while (place > from && (weights[place - 1] ?? 0) < weight) {
    // What stands above is moved down by one.
    const above = chosen[place - 1]
    if (above) chosen[place] = above
    weights[place] = weights[place - 1] ?? 0
    place--
  }
  chosen[place] = row
  weights[place] = weight
}
