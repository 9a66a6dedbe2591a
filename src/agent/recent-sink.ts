import { isRecent, type Recent } from '../analysis/recent/recent.ts'
import type { Sink } from './batcher.ts'

/** The recent past in memory as a sink. */
export function recentSink(recent: Recent): Sink {
  return {
    name: 'the recent past',
    keeps: (metric, tag) => tag === '' && isRecent(metric),
    write: ({ values }) => {
      for (const value of values) if (isRecent(value.metric)) recent.add(value.metric, value)
    },
  }
}
