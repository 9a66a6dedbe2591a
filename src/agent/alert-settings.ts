import { LEVEL_RULES, type LevelRule } from '../analysis/alarm-rules.ts'
import { ALERT_NAMES, ALERT_THRESHOLDS, type AlertName } from '../contract/alert-thresholds.ts'
import { ApiError } from '../contract/error-code.ts'
import type { Question } from '../contract/instance.ts'
import type { MetricName } from '../model/metric.ts'
import { showDuration, showRatio } from '../model/unit.ts'

/** What may be changed of the settings. */
type AlertChange = Question<'setAlerts'>['body']
type Threshold = AlertName

type Level = {
  readonly warning: number
  readonly critical: number
  readonly unit: string
}

/** From where on something is an alert, and who is told. */
export type AlertSettings = {
  readonly enabled: boolean
  readonly thresholds: Readonly<Record<Threshold, Level>>
  readonly notifications: { readonly email: readonly string[]; readonly webhook: string | null; readonly discord: boolean }
}

/** What an alert says that is raised by a limit, in the unit of its metric. */
const TEXTS: Readonly<Record<Threshold, (limit: number) => string>> = {
  responseTime: (limit) => `API response time > ${showDuration(limit)}`,
  errorRate: (limit) => `API errors > ${showRatio(limit)}`,
  memoryUsage: (limit) => `memory > ${showRatio(limit)}`,
  cpuUsage: (limit) => `CPU > ${showRatio(limit)}`,
  cacheHitRate: (limit) => `cache hit rate < ${showRatio(1 - limit)}`,
}

const levelsOf = (of: (name: Threshold) => Level): AlertSettings['thresholds'] => Object.fromEntries(ALERT_NAMES.map((name) => [name, of(name)])) as AlertSettings['thresholds'] // Every name is there.

/** The documented thresholds. */
export const DEFAULT_ALERTS: AlertSettings = {
  enabled: true,
  thresholds: levelsOf((name) => {
    const { warning, critical, wireUnit: unit } = ALERT_THRESHOLDS[name]
    return { warning, critical, unit }
  }),
  notifications: { email: [], webhook: null, discord: false },
}

/** Settings after a change. Throws `ApiError` `VALIDATION_ERROR` for levels that make no sense, and for addresses nothing could be sent to. */
export function changeAlerts(before: AlertSettings, change: AlertChange): AlertSettings {
  const thresholds = levelsOf((name) => changed(name, before.thresholds[name], change.thresholds?.[name]))
  const { email = before.notifications.email, webhook = before.notifications.webhook, discord = before.notifications.discord } = change.notifications ?? {}
  const areAddresses = email.every((address) => /^[^\s@]+@[^\s@]+$/.test(address))
  if (!areAddresses) throw refused('notifications.email', 'must be addresses such as ops@example.org')
  if (webhook !== null && !(URL.canParse(webhook) && /^https?:$/.test(new URL(webhook).protocol))) throw refused('notifications.webhook', 'must be an http(s) address, or null')
  return { enabled: change.enabled ?? before.enabled, thresholds, notifications: { email, webhook, discord } }
}

/** Whether somebody is to be told of alerts. */
export function hasNotifications({ notifications: { email, webhook, discord } }: Pick<AlertSettings, 'notifications'>): boolean {
  return email.length > 0 || webhook !== null || discord
}

function refused(field: string, message: string): ApiError {
  return new ApiError('VALIDATION_ERROR', `body ${field}: ${message}`, { details: { issues: [{ in: 'body', field, message }] } })
}

function changed(name: Threshold, before: Level, change: { readonly warning?: number | undefined; readonly critical?: number | undefined; readonly unit?: string | undefined } | undefined): Level {
  if (!change) return before
  const { most, isLowBad } = ALERT_THRESHOLDS[name]
  const after = { warning: change.warning ?? before.warning, critical: change.critical ?? before.critical, unit: before.unit }
  const refuse = (field: string, message: string): ApiError => refused(`thresholds.${name}.${field}`, message)
  if (change.unit !== undefined && change.unit !== before.unit) throw refuse('unit', `is always "${before.unit}"`)
  for (const level of ['warning', 'critical'] as const) if (!(after[level] >= 0 && after[level] <= most)) throw refuse(level, `must be from 0 to ${most}${most === 1 ? ': it is a share, of which 0.05 is 5 %' : ''}`)
  if (isLowBad ? after.critical > after.warning : after.critical < after.warning) throw refuse('critical', `must not be ${isLowBad ? 'above' : 'below'} the warning level (${after.warning}): ${isLowBad ? 'less' : 'more'} is worse`)
  return after
}

const HOLD_MS = 10_000

/** The rules alarms are raised by: those every instance has, and in place of some of them the thresholds that are set; none where alerts are off. A rule that has not changed is the same object. */
export function rulesOf(settings: AlertSettings, before: readonly LevelRule[] = []): readonly LevelRule[] {
  if (!settings.enabled) return []
  const metrics = new Set<MetricName>(ALERT_NAMES.map((name) => ALERT_THRESHOLDS[name].metric))
  const own = ALERT_NAMES.map((name): LevelRule => {
    const { metric, by, isLowBad } = ALERT_THRESHOLDS[name]
    const { warning, critical } = settings.thresholds[name]
    const limit = (value: number): number => (isLowBad ? 1 - value / by : value / by)
    const limits = { warning: limit(warning), critical: limit(critical) }
    const same = before.find((rule) => rule.metric === metric && rule.limits.warning === limits.warning && rule.limits.critical === limits.critical)
    return same ?? { metric, limits, holdMs: HOLD_MS, text: (_, value) => TEXTS[name](value), ...(isLowBad ? { isComplement: true } : {}) }
  })
  return [...LEVEL_RULES.filter(({ metric }) => !metrics.has(metric)), ...own]
}
