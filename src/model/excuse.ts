import type { CheckResult } from './health.ts'
import { plain } from './text.ts'

/** Why what a check found does not count, in a few words that stand beside its name: `not checked because of database`; undefined where it counts. Times are UTC, to the minute. */
export function showExcuse({ excuse, attempts }: Pick<CheckResult, 'excuse' | 'attempts'>): string | undefined {
  if (excuse === undefined) return undefined
  if (excuse.kind === 'dependency') return `${attempts === 0 ? 'not checked' : 'not counted'} because of ${plain(excuse.on, 80)}`
  const { window, until } = excuse
  return `in maintenance${window === '' ? '' : ` (${plain(window, 80)})`}${Number.isNaN(until.getTime()) ? '' : ` until ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC`}`
}
