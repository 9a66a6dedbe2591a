import type { MetricName } from '../model/metric.ts'
import { METRICS } from '../model/metric.ts'
import { plain } from '../model/text.ts'
import { showDuration, showNumber, showQuantity, showRatio, type Unit } from '../model/unit.ts'
import type { Stretch } from './stretch.ts'
import { judgedTags, severityOf, THROTTLED, USAGE_LEVELS, type Severity } from './usage-alert.ts'

/** Something about a system that could be better, with its figures. */
export interface Issue {
  /** Stable: `memory.usage`, `filesystem.usage:/data`. */
  readonly id: string
  readonly severity: Severity
  readonly metric: MetricName
  readonly observed: number
  readonly limit: number
  readonly unit: Unit
  /** What is the case, with its figures. */
  readonly title: string
  /** What to do about it. */
  readonly advice: string
}

interface Rule {
  readonly metric: MetricName
  /** From where on it is worth a word, from where on it is bad, and from where on critical; each may never be. */
  readonly levels: { readonly medium?: number; readonly high?: number; readonly critical?: number }
  readonly measure: (stretch: Stretch, tag: string) => number
  readonly title: (figure: string, tag: string) => string
  readonly advice: string
}

const mean = (metric: MetricName) => (stretch: Stretch, tag: string) => stretch.mean(metric, tag)
const latest = (metric: MetricName) => (stretch: Stretch, tag: string) => stretch.latest(metric, tag)

const were = (count: string, of = ''): string => (count === '1' ? `1 process${of} was` : `${count} processes${of} were`)

/** What the documented targets leave open. Pressure is the share of time lost by waiting, so its limits are low. */
const RULES: readonly Rule[] = [
  { metric: 'cgroup.cpu.throttled', levels: { medium: THROTTLED.good, high: THROTTLED.warning, critical: THROTTLED.critical }, measure: mean('cgroup.cpu.throttled'), title: (figure) => `the control group was held back ${figure} of the time for having used up its processor share`, advice: 'raise the processor limit of the container, or spread its work more evenly' },
  // The run queue is the machine's, also inside a limited control group.
  { metric: 'tasks.running', levels: { medium: 2, high: 4 }, measure: (stretch) => stretch.mean('tasks.running') / stretch.latest('cpu.cores'), title: (figure) => `${figure} tasks per processor run or wait for one`, advice: 'run less at once, or give the machine more processors' },
  { metric: 'cpu.steal', levels: { medium: 0.05, high: 0.2 }, measure: mean('cpu.steal'), title: (figure) => `the hypervisor gave ${figure} of the processor time to other machines`, advice: 'move to a host that is less crowded, or reserve processors' },
  { metric: 'cpu.iowait', levels: { medium: 0.2, high: 0.5 }, measure: mean('cpu.iowait'), title: (figure) => `processors were idle for ${figure} of the time while I/O was under way`, advice: 'see which disk is busy, and what reads or writes so much' },
  { metric: 'pressure.some', levels: { medium: 0.4, high: 0.8 }, measure: (stretch, tag) => (tag === 'cpu' ? stretch.mean('pressure.some', tag) : Number.NaN), title: (figure) => `some tasks waited for a processor ${figure} of the time`, advice: 'run less at once, or give the machine more processors' },
  { metric: 'pressure.some', levels: { medium: 0.05, high: 0.2 }, measure: (stretch, tag) => (tag === 'memory' ? stretch.mean('pressure.some', tag) : Number.NaN), title: (figure) => `some tasks waited for memory ${figure} of the time`, advice: 'give it more memory, or run less at once: the kernel is busy making room' },
  { metric: 'pressure.full', levels: { medium: 0.01, high: 0.05, critical: 0.2 }, measure: (stretch, tag) => (tag === 'memory' ? stretch.mean('pressure.full', tag) : Number.NaN), title: (figure) => `all work stood still for want of memory ${figure} of the time`, advice: 'give it more memory, or stop what uses most' },
  { metric: 'pressure.full', levels: { medium: 0.1, high: 0.3 }, measure: (stretch, tag) => (tag === 'io' ? stretch.mean('pressure.full', tag) : Number.NaN), title: (figure) => `all work stood still for I/O ${figure} of the time`, advice: 'see which disk is busy, and move what reads or writes so much, or to a faster disk' },
  { metric: 'swap.in.rate', levels: { medium: 100_000, high: 5_000_000 }, measure: mean('swap.in.rate'), title: (figure) => `${figure} were read back from swap`, advice: 'memory is too small for what runs: give it more, or run less' },
  { metric: 'swap.usage', levels: { medium: 0.8 }, measure: latest('swap.usage'), title: (figure) => `${figure} of the swap space is in use`, advice: 'when it is full, processes are killed: see what was swapped out and whether it is still needed' },
  { metric: 'memory.oom_kills', levels: { critical: 1 }, measure: (stretch) => stretch.growth('memory.oom_kills'), title: (figure) => `${were(figure)} killed just now because memory ran out`, advice: 'give it more memory, or limit what grows' },
  { metric: 'cgroup.oom_kills', levels: { critical: 1 }, measure: (stretch) => stretch.growth('cgroup.oom_kills'), title: (figure) => `${were(figure, ' of the control group')} killed just now at its memory limit`, advice: 'raise the memory limit of the container, or limit what grows in it' },
  { metric: 'filesystem.inodes.usage', levels: { high: 0.85, critical: 0.95 }, measure: latest('filesystem.inodes.usage'), title: (figure, tag) => `${figure} of the inodes of ${tag} are in use`, advice: 'delete small files, or make a file system with more inodes' },
  { metric: 'filesystem.silent', levels: { high: 1 }, measure: latest('filesystem.silent'), title: (_, tag) => `the file system ${tag} does not answer`, advice: 'see whether its server is there; programs that touch it will hang' },
  { metric: 'disk.utilization', levels: { medium: 0.9 }, measure: mean('disk.utilization'), title: (figure, tag) => `the disk ${tag} was busy ${figure} of the time`, advice: 'see what reads or writes so much, or move it to a faster disk' },
  { metric: 'files.open', levels: { high: 0.8, critical: 0.95 }, measure: (stretch) => stretch.latest('files.open') / stretch.latest('files.limit'), title: (figure) => `${figure} of the file handles the machine may open are open`, advice: 'see which process holds them, or raise fs.file-max' },
  { metric: 'api.errors', levels: { medium: 0.01, high: 0.05, critical: 0.25 }, measure: mean('api.errors'), title: (figure) => `${figure} of the API's answers are errors`, advice: 'see the log of the instance for what fails' },
  { metric: 'db.pool.waiting', levels: { medium: 1, high: 10 }, measure: mean('db.pool.waiting'), title: (figure) => `${figure} requests wait for a database connection`, advice: 'shorten slow queries first, then enlarge the pool' },
]

/** Metrics that a rule makes a share of something else. */
const SHARES: ReadonlySet<MetricName> = new Set<MetricName>(['files.open'])

const USAGE_ADVICE: Readonly<Partial<Record<MetricName, string>>> = {
  'cpu.usage': 'see what uses the processors most (medianest-perf metrics --processes 10), then run less of it or give it more',
  'memory.usage': 'see what uses most memory, then limit it or give the system more',
  'filesystem.usage': 'delete or move what is no longer needed, or enlarge it',
  'db.pool.usage': 'shorten slow queries first, then enlarge the pool',
  'cache.hit_rate': 'see whether keys live long enough and whether the cache is large enough',
}

/** What could be better about a system over a stretch of time, the worst first. */
export function issuesOf(stretch: Stretch): Issue[] {
  const issues = [...usageIssues(stretch), ...RULES.flatMap((rule) => ruleIssues(rule, stretch))]
  return issues.toSorted((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity))
}

const RANK: readonly Severity[] = ['critical', 'high', 'medium']

function usageIssues(stretch: Stretch): Issue[] {
  return USAGE_LEVELS.flatMap((level) => judgedTags(stretch.last, level.metric).flatMap((tag): Issue[] => {
    const observed = stretch.mean(level.metric, tag)
    const severity = severityOf(level, observed)
    if (severity === null) return []
    const limit = { critical: level.critical, high: level.warning, medium: level.good }[severity]
    const isHighBad = level.critical > level.warning
    return [{
      id: idOf(level.metric, tag), severity, metric: level.metric, observed, limit, unit: 'ratio',
      title: isHighBad ? `${level.name}${tag === '' ? '' : ` ${plain(tag)}`}: ${showRatio(observed)} in use (good is below ${showRatio(level.good)})` : `${level.name} ${showRatio(observed)} (good is above ${showRatio(level.good)})`,
      advice: USAGE_ADVICE[level.metric] ?? '',
    }]
  }))
}

function ruleIssues({ metric, levels, measure, title, advice }: Rule, stretch: Stretch): Issue[] {
  // What is told of each processor is told of all together too.
  const tags = metric.startsWith('cpu.') ? [''] : stretch.tags(metric)
  return tags.flatMap((tag): Issue[] => {
    const observed = measure(stretch, tag)
    const severity = RANK.find((each) => observed >= (levels[each] ?? Number.POSITIVE_INFINITY))
    if (severity === undefined) return []
    const unit = SHARES.has(metric) ? 'ratio' : METRICS[metric].unit
    return [{ id: idOf(metric, tag), severity, metric, observed, limit: levels[severity] ?? 0, unit, title: title(figureText(observed, unit), plain(tag)), advice }]
  })
}

function idOf(metric: MetricName, tag: string): string {
  return tag === '' ? metric : `${metric}:${plain(tag)}`
}

function figureText(value: number, unit: Unit): string {
  return unit === 'count' ? showNumber(value) : unit === 'ms' ? showDuration(value) : showQuantity({ value, unit })
}
