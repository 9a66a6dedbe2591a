import { describe, expect, it } from 'vitest'
import { issuesOf } from '../../src/analysis/advice.ts'
import { scoreOf, statusOf } from '../../src/analysis/shape/summary-shape.ts'
import { Stretcher } from '../../src/analysis/stretch.ts'
import { severityOf, usageAlerts } from '../../src/analysis/usage-alert.ts'
import { snapshotOf, type Values } from '../samples.ts'

const issues = (...looks: Values[]) => {
  const seen = new Stretcher()
  for (const values of looks) seen.add(snapshotOf(values))
  return issuesOf(seen.stretch() ?? expect.unreachable())
}
const brief = (...looks: Values[]): string[] => issues(...looks).map(({ severity, id }) => `${severity} ${id}`)

describe('advice', () => {
  it.each<[string, Values, string[]]>([
    ['a calm machine', { 'cpu.usage': 0.49, 'memory.usage': 0.69, 'filesystem.usage': { '/': 0.84 }, 'swap.usage': 0.1, 'pressure.some': { cpu: 0.1, memory: 0, io: 0.1 }, 'cache.hit_rate': 0.9 }, []],
    ['a busy processor', { 'cpu.usage': 0.5 }, ['medium cpu.usage']],
    ['a very busy processor', { 'cpu.usage': 0.8 }, ['high cpu.usage']],
    ['a processor at its end', { 'cpu.usage': 0.95 }, ['critical cpu.usage']],
    ['memory', { 'memory.usage': 0.86 }, ['high memory.usage']],
    ['file systems', { 'filesystem.usage': { '/': 0.97, '/data': 0.86, '/snap': 1 }, 'filesystem.readonly': { '/snap': 1 } }, ['critical filesystem.usage:/', 'high filesystem.usage:/data']],
    ['inodes', { 'filesystem.inodes.usage': { '/': 0.9 } }, ['high filesystem.inodes.usage:/']],
    ['a mount that hangs', { 'filesystem.silent': { '/nfs': 1, '/': 0 } }, ['high filesystem.silent:/nfs']],
    ['swapping', { 'swap.in.rate': 6_000_000, 'swap.usage': 0.9 }, ['high swap.in.rate', 'medium swap.usage']],
    ['waiting', { 'pressure.some': { cpu: 0.5, memory: 0.1 }, 'pressure.full': { memory: 0.25, io: 0.4 } }, ['critical pressure.full:memory', 'high pressure.full:io', 'medium pressure.some:cpu', 'medium pressure.some:memory']],
    ['a throttled container', { 'cgroup.cpu.throttled': 0.3 }, ['high cgroup.cpu.throttled']],
    ['a long run queue', { 'tasks.running': 9, 'cpu.cores': 4 }, ['medium tasks.running']],
    ['a run queue of a large machine, seen from a small container', { 'tasks.running': 9, 'cpu.cores': 16, 'cgroup.cpu.limit': 1 }, []],
    ['an application', { 'cache.hit_rate': 0.6, 'db.pool.usage': 0.96, 'api.errors': 0.06 }, ['critical db.pool.usage', 'high cache.hit_rate', 'high api.errors']],
    ['nothing known', {}, []],
  ])('for %s', (_, values, expected) => expect(brief(values)).toEqual(expected))

  it('goes by the mean of what it saw, and by what happened meanwhile', () => {
    expect(brief({ 'cpu.usage': 1 }, { 'cpu.usage': 0.1 }, { 'cpu.usage': 0.1 })).toEqual([])
    expect(brief({ 'memory.oom_kills': 7 }, { 'memory.oom_kills': 7 })).toEqual([])
    expect(brief({ 'memory.oom_kills': 7 }, { 'memory.oom_kills': 9 })).toEqual(['critical memory.oom_kills'])
    expect(brief({ 'memory.oom_kills': 7 }, { 'memory.oom_kills': 1 })).toEqual([])
  })

  it('names its figures and says what to do', () => {
    expect(issues({ 'filesystem.usage': { '/da\u001bta': 0.97 } })[0]).toMatchObject({ title: 'file system /da\ufffdta: 97% in use (good is below 85%)', observed: 0.97, limit: 0.95, unit: 'ratio', advice: expect.stringContaining('enlarge') })
    expect(issues({ 'swap.in.rate': 6_000_000 })[0]?.title).toBe('6 MB/s were read back from swap')
    const killed = (count: number): string | undefined => issues({ 'cgroup.oom_kills': 0 }, { 'cgroup.oom_kills': count })[0]?.title
    expect([killed(1), killed(2)]).toEqual(['1 process of the control group was killed just now at its memory limit', '2 processes of the control group were killed just now at its memory limit'])
  })

  it('amounts to a status and a score', () => {
    expect([statusOf([]), scoreOf([])]).toEqual(['optimal', 100])
    const all = issues({ 'cpu.usage': 0.96, 'memory.usage': 0.9, 'swap.usage': 0.9 })
    expect([statusOf(all), scoreOf(all)]).toEqual(['critical', 40])
    expect([statusOf(all.slice(1)), statusOf(all.slice(2))]).toEqual(['degraded', 'good'])
    expect(scoreOf([...all, ...all])).toBe(0)
  })
})

describe('alerts of usage', () => {
  it('begin where a target becomes a warning', () => {
    expect(usageAlerts(snapshotOf({ 'cpu.usage': 0.7999, 'memory.usage': 0.8499, 'cache.hit_rate': 0.71 }))).toEqual([])
    expect(usageAlerts(snapshotOf({ 'cpu.usage': 0.8, 'memory.usage': 0.95, 'cache.hit_rate': 0.45 }))).toEqual([
      { level: 'warning', metric: 'cpu.usage', message: 'processor: 80% in use', value: 80, threshold: 80 },
      { level: 'critical', metric: 'memory.usage', message: 'memory: 95% in use', value: 95, threshold: 95 },
      { level: 'critical', metric: 'cache.hit_rate', message: 'cache hit rate: only 45%', value: 45, threshold: 50 },
    ])
  })

  it('leave file systems alone that are always full, and tell of those that hang', () => {
    expect(usageAlerts(snapshotOf({ 'filesystem.usage': { '/snap': 1 }, 'filesystem.readonly': { '/snap': 1 }, 'filesystem.silent': { '/nfs\n': 1 } }))).toEqual([{ level: 'warning', metric: 'filesystem.silent', message: 'the file system /nfs  does not answer' }])
  })

  it('say nothing of what is not known', () => expect(severityOf({ good: 0.5, warning: 0.8, critical: 0.95 }, Number.NaN)).toBeNull())
})
