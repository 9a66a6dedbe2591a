import type { Measure } from '../model/health.ts'
import { plural } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { showDay } from '../services/certificate.ts'
import { judge, type Levels } from './levels.ts'
import type { Remark } from './remark.ts'

const DAY_MS = 86_400_000

/** Where the time a certificate is still valid begins to be too short, milliseconds. */
export const CERTIFICATE_LEVELS: Levels = { warning: 21 * DAY_MS, critical: 7 * DAY_MS }

/** A certificate's end, judged by the time that is left. */
export function judgeCertificate({ endsAt, now, levels, whose }: { readonly endsAt: number; readonly now: number; readonly levels: Levels; /** Begins the sentence: `the certificate`. */ readonly whose: string }): { readonly measure: Measure; readonly remark: Remark | null } {
  const left = endsAt - now
  const { measure, remark } = judge({ name: 'certificate', value: left, unit: 'ms', levels, bad: 'below', say: (value) => value, recommendation: 'renew it, and see why it was not renewed by itself' })
  if (left <= 0) return { measure, remark: { verdict: 'fail', text: `${whose} expired on ${showDay(endsAt)} (${showDays(-left)} ago)`, recommendation: 'renew it, see why it was not renewed by itself, and reload the server' } }
  if (remark === null || Number.isNaN(left)) return { measure, remark }
  const level = remark.verdict === 'fail' ? levels.critical : levels.warning
  return { measure, remark: { ...remark, text: `${whose} ends in ${showDays(left)}, on ${showDay(endsAt)} (${remark.verdict === 'fail' ? 'critical' : 'warning'} at ${showDays(level ?? Number.NaN)})` } }
}

/** A long time in days, a short one as it is. */
export function showDays(ms: number): string {
  return ms < 2 * DAY_MS ? showDuration(ms) : plural(Math.floor(ms / DAY_MS), 'day')
}
