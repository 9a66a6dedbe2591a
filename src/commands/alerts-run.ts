import { USAGE_LEVELS } from '../analysis/usage-alert.ts'
import { ALERT_NAMES, ALERT_THRESHOLDS, type AlertName } from '../contract/alert-thresholds.ts'
import type { Answer } from '../contract/instance.ts'
import { UserError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import { report, type Cell, type Report, type Table } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { showDuration, showRatio } from '../model/unit.ts'
import { readLevelChange, type LevelChange } from './alert-levels.ts'
import type { ALERTS_FLAGS } from './alerts.ts'
import { noInstance, openAsked, type AskedInstance } from './asked-instance.ts'
import type { Context } from './command.ts'
import { expectAgreement } from './person.ts'

type AlertsContext = Pick<Context<typeof ALERTS_FLAGS>, 'host' | 'config' | 'flags' | 'instances' | 'global'>
type Alerts = Answer<'alerts'>['data']

const columns: Table['columns'] = [{ label: 'of' }, { label: 'warning', align: 'right' }, { label: 'critical', align: 'right' }]

/** Shows levels and who is told, of an instance or of this machine, and changes those of an instance. Throws UserError. */
export async function runAlerts(context: AlertsContext): Promise<Report> {
  const { host, flags } = context
  const startedAt = host.wallTime()
  if (flags.enable && flags.disable) throw new UserError({ code: 'USAGE', kind: 'usage', message: '--enable and --disable say the opposite of each other', hint: 'give one of them' })
  const changes = (flags.set ?? []).map(readLevelChange)
  const enabled = flags.enable ? true : flags.disable ? false : undefined
  const asked = await openAsked(context)
  if (asked === null) {
    if (changes.length > 0 || enabled !== undefined) throw noInstance('what this machine is judged by is documented and stays as it is; levels can be set on an instance only')
    return localReport(startedAt, host.wallTime())
  }
  try {
    const { data: before } = await asked.ask('alerts')
    if (changes.length === 0 && enabled === undefined) return alertsReport(before, { title: `alerts of ${asked.name}`, startedAt, finishedAt: host.wallTime() })
    return await change(context, asked, { before, changes, enabled, startedAt })
  } finally {
    await asked.close()
  }
}

interface Change {
  readonly before: Alerts
  readonly changes: readonly LevelChange[]
  readonly enabled: boolean | undefined
  readonly startedAt: Date
}

async function change({ host, flags }: AlertsContext, asked: AskedInstance, { before, changes, enabled, startedAt }: Change): Promise<Report> {
  const news = changes.filter(({ name, level, value }) => before.thresholds[name][level] !== value)
  const turns = enabled !== undefined && enabled !== before.enabled
  if (news.length === 0 && !turns) {
    const same = alertsReport(before, { title: `alerts of ${asked.name}: nothing to change`, startedAt, finishedAt: host.wallTime() })
    return { ...same, notes: ['it is already so; nothing was sent', ...same.notes] }
  }
  const said = [...news.map(({ name, level, value }) => `${name}.${level} from ${show(name, before.thresholds[name][level])} to ${show(name, value)}`), ...(turns ? [`alerts ${enabled ? 'on' : 'off'}`] : [])]
  await expectAgreement(host, flags.yes, [`this changes the alerts of ${asked.name}: ${said.join(', ')}`])
  const thresholds: Record<string, Record<string, number>> = {}
  for (const { name, level, value } of news) thresholds[name] = { ...thresholds[name], [level]: value }
  const { data: after } = await asked.ask('setAlerts', { body: { ...(turns ? { enabled } : {}), ...(news.length > 0 ? { thresholds } : {}) } })
  const missed = news.filter(({ name, level, value }) => after.thresholds[name][level] !== value)
  const findings = [
    ...missed.map(({ name, level, value }): Finding => ({ id: `not-set:${name}.${level}`, verdict: 'fail', title: `${name}.${level} is ${show(name, after.thresholds[name][level])} after it was to be ${show(name, value)}`, hint: 'the instance took the change and answered otherwise: see its log' })),
    ...(turns && after.enabled !== enabled ? [{ id: 'not-set:enabled', verdict: 'fail' as const, title: `alerts are still ${after.enabled ? 'on' : 'off'}` }] : []),
  ]
  const told = alertsReport(after, { title: findings.length === 0 ? `alerts of ${asked.name} changed` : `alerts of ${asked.name} are not as they were to be`, startedAt, finishedAt: host.wallTime() })
  return { ...told, verdict: findings.length > 0 ? 'fail' : 'ok', findings, notes: [`changed: ${said.join(', ')}`, ...told.notes] }
}

function alertsReport(data: Alerts, parts: Pick<Report, 'title' | 'startedAt' | 'finishedAt'>): Report {
  const { enabled, thresholds, notifications: { email, webhook, discord } } = data
  const told = [...email.map((each) => plain(each, 100)), ...(webhook === null ? [] : [`webhook ${masked(webhook)}`]), ...(discord ? ['Discord'] : [])]
  return report({
    command: 'alerts', ...parts, data: { ...data, notifications: { ...data.notifications, webhook: webhook === null ? null : masked(webhook) } },
    facts: [{ label: 'alerts', value: enabled ? 'on' : { text: 'off', tone: 'warn' } }, { label: 'told', value: told.length === 0 ? 'nobody' : told.join(', ') }],
    tables: [{ title: 'Levels', columns, rows: rowsOf(thresholds) }],
    notes: enabled ? [] : [`${plural(ALERT_NAMES.length, 'threshold')} kept; turn them on with --enable`],
  })
}

/** The documented levels, which `serve` raises alerts by until others are set there; and the targets that the commands judge a machine by. */
function localReport(startedAt: Date, finishedAt: Date): Report {
  const thresholds = Object.fromEntries(ALERT_NAMES.map((name) => {
    const { warning, critical, wireUnit: unit } = ALERT_THRESHOLDS[name]
    return [name, { warning, critical, unit }]
  })) as Alerts['thresholds'] // Every name is there.
  return report({
    command: 'alerts', title: 'alerts of this machine', startedAt, finishedAt,
    data: { enabled: true, thresholds, notifications: { email: [], webhook: null, discord: false }, usageTargets: USAGE_LEVELS.map(({ name, metric, warning, critical }) => ({ metric, name, warning: warning * 100, critical: critical * 100, unit: 'percentage' })) },
    tables: [
      { title: 'Levels', columns, rows: rowsOf(thresholds) },
      { title: 'Targets of usage', columns, rows: USAGE_LEVELS.map(({ name, warning, critical }) => [name, { value: warning, unit: 'ratio' }, { value: critical, unit: 'ratio' }]) },
    ],
    notes: ['serve on this machine raises alerts by the levels until others are set there, with --url; metrics, summary and top judge what they see by the targets'],
  })
}

function rowsOf(thresholds: Alerts['thresholds']): Table['rows'] {
  return ALERT_NAMES.map((name) => [ALERT_THRESHOLDS[name].title, cellOf(name, thresholds[name].warning), cellOf(name, thresholds[name].critical)])
}

function cellOf(name: AlertName, value: number): Cell {
  const { unit, by } = ALERT_THRESHOLDS[name]
  return { value: value / by, unit }
}

function show(name: AlertName, value: number): string {
  const { unit, by } = ALERT_THRESHOLDS[name]
  return unit === 'ms' ? showDuration(value) : showRatio(value / by)
}

/** The path, and what stands before the host, of a webhook's address are its secret. */
function masked(address: string): string {
  if (!URL.canParse(address)) return '***'
  const { protocol, host } = new URL(address)
  return `${plain(protocol, 20)}//${plain(host, 100)}/***`
}
