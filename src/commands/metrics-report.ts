import { usageAlerts, toneOfUsage } from '../analysis/usage-alert.ts'
import { metricsShape } from '../analysis/shape/metrics-shape.ts'
import { busiest, resourcesShape } from '../analysis/shape/resources-shape.ts'
import { hostMemory, usableMemory } from '../analysis/shape/usable-memory.ts'
import type { Host } from '../host.ts'
import type { Feed } from '../model/feed.ts'
import type { Finding } from '../model/finding.ts'
import type { MetricName } from '../model/metric.ts'
import { report, type Alert, type Cell, type Report } from '../model/report.ts'
import { tagsOf, valueOf, type Snapshot, type SystemFacts } from '../model/snapshot.ts'
import { plain } from '../model/text.ts'
import { showBytes, showDuration, showNumber, showRatio } from '../model/unit.ts'
import { worst } from '../model/verdict.ts'
import { applicationTables } from './application-tables.ts'
import { metricsTables, type ProcessOrder } from './metrics-tables.ts'
import type { FeedLook } from './snapshots.ts'
import { COMPONENTS, TOPICS, type Topic } from '../contract/question-words.ts'

/** What a report of a look needs to know besides it. */
export interface LookTerms {
  readonly host: Pick<Host, 'machine' | 'wallTime'>
  readonly feed: Pick<Feed, 'name' | 'kind'>
  readonly intervalMs: number
  /** How many processes are listed. */
  readonly processes: number
  /** In which order: the busiest first, or as the look has them. */
  readonly order?: ProcessOrder
  readonly topics: readonly Topic[] | undefined
  readonly startedAt: Date
  /** How many looks were reported, this one included. */
  readonly looks: number
  readonly isLast: boolean
  /** Whether it is one of several, so that each needs its time. */
  readonly isOneOfMany: boolean
  readonly interrupted: 'SIGINT' | 'SIGTERM' | undefined
}

/** The report of one look: what was measured. It judges nothing but whether it was measured. */
export function metricsReport(look: FeedLook, terms: LookTerms): Report {
  const { snapshot } = look
  const { host, feed, intervalMs, topics = TOPICS, looks, isLast, order = 'busiest' } = terms
  const facts = look.facts ?? factsOf(host, feed)
  const findings = lookFindings(snapshot, feed)
  const { data, meta } = metricsShape(snapshot, facts, { intervalMs, count: looks, nextAt: isLast ? null : snapshot.at + intervalMs }, topics)
  return report({
    command: 'metrics',
    title: `metrics of ${plain(facts.host || feed.name)}${terms.isOneOfMany ? ` at ${data.timestamp}` : ''}`,
    verdict: worst(findings.map(({ verdict }) => verdict)),
    interrupted: terms.interrupted,
    startedAt: terms.startedAt,
    finishedAt: host.wallTime(),
    data: { ...data, ...resourcesOf(snapshot, topics, terms.processes, order) },
    meta,
    samples: { samples: snapshot.samples, at: snapshot.at },
    findings,
    alerts: alertsOf(look),
    facts: headline(snapshot, facts),
    tables: [...metricsTables(snapshot, facts, topics, terms.processes, order), ...applicationTables(snapshot, COMPONENTS)],
    notes: Number.isNaN(snapshot.elapsedMs) && feed.kind === 'local' ? ['this is a first look: rates and shares of time need a second one'] : [],
  })
}

/** The report of a system that was not seen at all. */
export function nothingReport(feed: Pick<Feed, 'name'>, host: Pick<Host, 'wallTime' | 'interrupts'>, startedAt: Date, command = 'metrics'): Report {
  return report({
    command, title: `${command} of ${plain(feed.name)}`, verdict: 'unknown', startedAt, finishedAt: host.wallTime(),
    interrupted: host.interrupts.drain.aborted ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined,
    samples: { samples: new Map(), at: host.wallTime().getTime() },
    findings: [{ id: 'no-samples', verdict: 'unknown', title: 'nothing was measured', hint: 'give it time for at least two looks' }],
  })
}

/** What the documented answer about resources has beside the one about metrics, as far as it was asked for. */
function resourcesOf(snapshot: Snapshot, topics: readonly Topic[], most: number, order: ProcessOrder): Readonly<Record<string, unknown>> {
  const rows = order === 'given' ? (snapshot.processes?.rows ?? []).slice(0, most) : busiest(snapshot, most)
  const { processes, network, storage, connections } = resourcesShape(snapshot, rows)
  return { ...(snapshot.processes ? { processes } : {}), ...(topics.includes('network') ? { network, connections } : {}), ...(topics.includes('disk') ? { storage } : {}) }
}

/** What is wrong with the looking itself: nothing was seen, or a probe failed. */
export function lookFindings(snapshot: Snapshot, { name }: Pick<Feed, 'name'>): Finding[] {
  const failed = tagsOf(snapshot, 'probe.success').filter((probe) => valueOf(snapshot, 'probe.success', probe) === 0)
  const measured = [...snapshot.samples.keys()].some((metric) => !metric.startsWith('probe.') && !metric.startsWith('self.'))
  return [
    ...(measured ? [] : [{ id: 'no-samples', verdict: 'unknown' as const, title: `nothing is known of ${plain(name)}` }]),
    ...failed.map((probe): Finding => ({
      id: `probe:${plain(probe)}`, verdict: 'unknown', title: `the probe "${plain(probe)}" could not look, so what it measures is missing`, metric: 'probe.success', observed: 0, unit: 'count',
      hint: 'see that this program may read what the probe looks at',
    })),
  ]
}

/** What uses too much, and what the source itself has open, each once. */
export function alertsOf({ snapshot, alerts }: FeedLook): Alert[] {
  const told = [...snapshot.alerts, ...alerts]
  // An instance goes by its own levels: where it tells of a figure, ours has nothing to add.
  const all = [...usageAlerts(snapshot).filter(({ metric }) => !told.some((each) => each.metric === metric)), ...told]
  return all.filter(({ level, metric, message }, index) => all.findIndex((each) => each.level === level && each.metric === metric && each.message === message) === index)
}

/** What is known of a system before it has said so itself. */
export function factsOf({ machine }: Pick<Host, 'machine'>, { name, kind }: Pick<Feed, 'name' | 'kind'>): SystemFacts {
  if (kind !== 'local') return { host: name, os: '', platform: '', arch: '', kernel: '', node: '', cpuModel: '', cores: Number.NaN, container: null, filesystems: {} }
  return { host: machine.name, os: `${machine.platform} ${machine.release}`, platform: machine.platform, arch: machine.arch, kernel: machine.release, node: machine.node, cpuModel: machine.cpuModel, cores: machine.cores, container: null, filesystems: {} }
}

function headline(snapshot: Snapshot, facts: SystemFacts): Report['facts'] {
  const value = (metric: MetricName, tag = ''): number => valueOf(snapshot, metric, tag)
  const toned = (metric: MetricName, share: number, text: string): Cell => {
    const tone = toneOfUsage(metric, share)
    return tone === 'ok' ? text : { text, tone }
  }
  const [memory, machine] = [usableMemory(snapshot), hostMemory(snapshot)]
  const [usage, limit, cores] = [value('cpu.usage'), value('cgroup.cpu.limit'), value('cpu.cores')]
  // Without the group's own processor time, the usage is of the machine whatever the limit.
  const ofCores = Number.isFinite(limit) && Number.isFinite(value('cgroup.cpu.usage')) ? ` of a limit of ${showNumber(limit)} cpu, host ${showRatio(value('cpu.busy'))} of ${showNumber(cores)}` : Number.isFinite(cores) ? ` of ${showNumber(cores)} cpu` : ''
  const hostMemoryText = memory.isLimited && Number.isFinite(machine.usage) ? `, host ${showRatio(machine.usage)} of ${showBytes(machine.total)}` : ''
  const system = [facts.os, facts.kernel, facts.arch, facts.container].filter((part) => part !== null && part !== '').join(', ')
  const rows: readonly (readonly [label: string, known: number, () => Cell])[] = [
    ['cpu', usage, () => toned('cpu.usage', usage, `${showRatio(usage)}${ofCores}`)],
    ['load', value('load.1'), () => (['load.1', 'load.5', 'load.15'] as const).map((metric) => showNumber(value(metric))).join(', ')],
    ['tasks', value('tasks.running'), () => `${showNumber(value('tasks.running'))} running, ${showNumber(value('tasks.blocked'))} blocked`],
    ['memory', memory.usage, () => toned('memory.usage', memory.usage, Number.isNaN(memory.used) ? showRatio(memory.usage) : `${showRatio(memory.usage)}, ${showBytes(memory.used)} of ${memory.isLimited ? 'a limit of ' : ''}${showBytes(memory.total)}${hostMemoryText}`)],
    ['swap', value('swap.total') || Number.NaN, () => `${showRatio(value('swap.usage'))}, ${showBytes(value('swap.used'))} of ${showBytes(value('swap.total'))}`],
    ['throttled', value('cgroup.cpu.throttled') || Number.NaN, () => ({ text: `${showRatio(value('cgroup.cpu.throttled'))} of the time`, tone: 'warn' })],
    ['temperature', value('cpu.temperature'), () => ({ value: value('cpu.temperature'), unit: 'celsius' })],
    ['up', value('uptime'), () => showDuration(value('uptime'))],
  ]
  return [
    ...(system === '' ? [] : [{ label: 'system', value: system }]),
    ...(facts.cpuModel === '' ? [] : [{ label: 'processor', value: facts.cpuModel }]),
    ...rows.filter(([, known]) => Number.isFinite(known)).map(([label, , show]) => ({ label, value: show() })),
  ]
}
