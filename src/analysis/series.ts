import type { MetricKind } from '../model/metric.ts'
import type { Statistic } from '../model/threshold.ts'
import { Distribution } from './histogram.ts'

/** All values of one metric with one set of tags, folded as they come. */
export interface Series {
  /** Takes one value; of a rate anything but 0 is a yes. */
  add(value: number): void
  /** NaN when nothing was measured or the statistic does not exist for this kind. `elapsedMs` is what rates per second count over. */
  statistic(statistic: Statistic, elapsedMs: number): number
  /** How many values there were. */
  readonly samples: number
}

/** A series that keeps what its kind needs. */
export function createSeries(kind: MetricKind): Series {
  return MAKERS[kind]()
}

const MAKERS: Readonly<Record<MetricKind, () => Series>> = { trend, rate, counter, gauge }

function trend(): Series {
  const values = new Distribution()
  return {
    add: (value) => values.record(value),
    statistic: (statistic, elapsedMs) => (statistic.kind === 'rate' ? perSecond(values.count, elapsedMs) : values.statistic(statistic)),
    get samples() {
      return values.count
    },
  }
}

function rate(): Series {
  let samples = 0
  let yes = 0
  return {
    add(value) {
      samples++
      if (value !== 0) yes++
    },
    statistic: ({ kind }) => {
      if (kind === 'count') return yes
      return samples > 0 && (kind === 'rate' || kind === 'avg' || kind === 'value') ? yes / samples : Number.NaN
    },
    get samples() {
      return samples
    },
  }
}

function counter(): Series {
  let samples = 0
  let sum = 0
  return {
    add(value) {
      samples++
      sum += value
    },
    statistic: ({ kind }, elapsedMs) => (kind === 'count' || kind === 'value' ? sum : kind === 'rate' ? perSecond(sum, elapsedMs) : Number.NaN),
    get samples() {
      return samples
    },
  }
}

function gauge(): Series {
  let samples = 0
  let [last, least, most, sum] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  return {
    add(value) {
      samples++
      last = value
      sum += value
      least = Math.min(least, value)
      most = Math.max(most, value)
    },
    statistic: ({ kind }) => {
      if (samples === 0) return Number.NaN
      switch (kind) {
        case 'value': return last
        case 'min': return least
        case 'max': return most
        case 'avg': return sum / samples
        default: return Number.NaN
      }
    },
    get samples() {
      return samples
    },
  }
}

function perSecond(amount: number, elapsedMs: number): number {
  return elapsedMs > 0 ? amount / (elapsedMs / 1_000) : Number.NaN
}
