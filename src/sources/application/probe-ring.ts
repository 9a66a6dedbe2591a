import type { MetricName } from '../../model/metric.ts'

/** What came of one synthetic request. */
export interface Probe {
  readonly isUp: boolean
  /** Until the last byte, milliseconds; NaN where there was no answer. */
  readonly ms: number
}

/** The last synthetic requests. */
export interface ProbeRing {
  add(probe: Probe): void
  /** What they say together: mean, percentiles, share that did not succeed. NaN for what they cannot tell. */
  figures(): [MetricName, number][]
}

/** As many as are kept: an hour's, of one every half minute. */
export const MOST_PROBES = 120

/** Keeps the last synthetic requests. */
export function keepProbes(): ProbeRing {
  const probes: Probe[] = []
  return {
    add(probe) {
      probes.push(probe)
      if (probes.length > MOST_PROBES) probes.shift()
    },
    figures() {
      const times = probes.map(({ ms }) => ms).filter((ms) => !Number.isNaN(ms)).toSorted((a, b) => a - b)
      return [
        ['api.duration.avg', times.reduce((sum, ms) => sum + ms, 0) / times.length],
        ['api.duration.p50', percentile(times, 0.5)],
        ['api.duration.p95', percentile(times, 0.95)],
        ['api.duration.p99', percentile(times, 0.99)],
        ['api.errors', probes.filter(({ isUp }) => !isUp).length / probes.length],
      ]
    },
  }
}

/** By nearest rank; NaN of so few that at most the longest of all could stand for it. */
function percentile(sorted: readonly number[], share: number): number {
  // 1 - 0.95 is a little more than a twentieth.
  if (sorted.length < Math.round(1 / (1 - share))) return Number.NaN
  return sorted[Math.ceil(share * sorted.length - 1e-9) - 1] ?? Number.NaN
}
