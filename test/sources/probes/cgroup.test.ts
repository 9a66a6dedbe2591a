import { afterEach, describe, expect, it } from 'vitest'
import { type Fixture, fixture, type Tree } from './look.ts'
import { PLAIN } from './trees.ts'

let system: Fixture | undefined
const begin = (...trees: readonly Tree[]): Fixture => (system = fixture(PLAIN, ...trees))
afterEach(() => system?.close())

const MIB = 1_048_576
const V2_MOUNT = (root = '/'): string => `30 23 0:26 ${root} /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n`
const V1_MOUNTS = (root: string): string => [
  '22 27 0:21 / /proc rw,relatime - proc proc rw',
  '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
  `32 31 0:29 ${root} /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct`,
  `35 31 0:32 ${root} /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory`,
  `39 31 0:36 ${root} /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids`,
  '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw', '',
].join('\n')
const v2 = (folder: string, files: Readonly<Record<string, string>>): Tree =>
  Object.fromEntries(Object.entries({ 'cgroup.type': 'domain\n', ...files }).map(([name, text]) => [`cgroup${folder}/${name}`, text]))

/** A container of Docker with 512 MiB and two processors' quarter, as it looks from inside. */
const CONTAINER = v2('', {
  'memory.max': `${512 * MIB}\n`, 'memory.current': `${400 * MIB}\n`, 'memory.stat': `anon 5\nfile 6\ninactive_anon 7\nactive_anon 8\ninactive_file ${100 * MIB}\nactive_file 9\n`,
  'memory.events': 'low 0\nhigh 0\nmax 3\noom 2\noom_kill 1\noom_group_kill 0\n', 'cpu.max': '50000 100000\n',
  'cpu.stat': 'usage_usec 5000000\nuser_usec 1\nsystem_usec 2\nnr_periods 10\nnr_throttled 4\nthrottled_usec 250000\n', 'pids.current': '12\n', 'pids.max': '100\n',
})

describe('a container of version 2', () => {
  it('tells its limits and what it uses, file cache that could go excepted, and memory.usage is of its limit', () => {
    const { value, failures } = begin(CONTAINER, { 'proc/self/cgroup': '0::/\n', 'proc/self/mountinfo': V2_MOUNT() }).look()
    expect(failures).toEqual([])
    expect([value('cgroup.memory.limit'), value('cgroup.memory.used'), value('cgroup.memory.usage'), value('memory.usage')]).toEqual([512 * MIB, 300 * MIB, 300 / 512, 300 / 512])
    expect([value('cgroup.oom_kills'), value('cgroup.cpu.limit'), value('cgroup.cpu.time'), value('cgroup.cpu.throttled.time'), value('cgroup.tasks'), value('cgroup.tasks.limit')]).toEqual([1, 0.5, 5_000, 250, 12, 100])
  })

  it('tells how long its own tasks waited, not those of others on the machine', () => {
    const psi = (some: string): string => `some avg10=${some} avg60=0.00 avg300=0.00 total=7000\nfull avg10=1.00 avg60=0.00 avg300=0.00 total=3000\n`
    const { value } = begin(CONTAINER, { 'proc/self/cgroup': '0::/\n', 'proc/self/mountinfo': V2_MOUNT(), 'proc/pressure/memory': psi('90.00'), 'proc/pressure/cpu': psi('90.00'), 'cgroup/memory.pressure': psi('12.50'), 'cgroup/cpu.pressure': psi('30.00') }).look()
    expect([value('pressure.some', 'memory'), value('pressure.full', 'memory'), value('pressure.some.time', 'memory'), value('pressure.some', 'cpu')]).toEqual([0.125, 0.01, 7, 0.3])
    expect([value('cgroup.cpu.limit'), value('cgroup.tasks')]).toEqual([0.5, 12])
  })

  it('without limits is told by the machine, and limits that appear later are seen', () => {
    const container = begin(CONTAINER, { 'proc/self/cgroup': '0::/\n', 'proc/self/mountinfo': V2_MOUNT(), 'cgroup/memory.max': 'max\n', 'cgroup/cpu.max': 'max 100000\n', 'cgroup/pids.max': 'max\n' })
    const { value } = container.look()
    expect([value('cgroup.memory.limit'), value('cgroup.cpu.limit'), value('cgroup.tasks.limit'), value('cgroup.memory.used'), value('memory.usage')]).toEqual([undefined, undefined, undefined, 300 * MIB, 0.4])
    container.write({ 'cgroup/memory.max': `${600 * MIB}\n` })
    container.clock.monotonicMs += 10_000
    expect(container.look().value('memory.usage')).toBe(0.5)
  })

  it.each([['0', 'max 100000', 1], ['0-1', 'max 100000', undefined], ['1', '50000 100000', 0.5], ['1', '150000 100000', 1]])('kept to processors %s with a quota of %s may use %s of them', (cores, quota, limit) => {
    const { value } = begin(CONTAINER, { 'proc/self/cgroup': '0::/\n', 'proc/self/mountinfo': V2_MOUNT(), 'cgroup/cpuset.cpus.effective': `${cores}\n`, 'cgroup/cpu.max': `${quota}\n` }).look()
    expect(value('cgroup.cpu.limit')).toBe(limit)
  })

  it('with more than the machine has is not limited', () => {
    const { value } = begin(CONTAINER, { 'proc/self/cgroup': '0::/\n', 'proc/self/mountinfo': V2_MOUNT(), 'cgroup/memory.max': `${2_000_000 * 1_024}\n`, 'cgroup/cpu.max': '200000 100000\n' }).look()
    expect([value('cgroup.memory.limit'), value('cgroup.cpu.limit')]).toEqual([undefined, undefined])
  })
})

describe('the groups above', () => {
  const limits = (memory: string, cpu: string): Readonly<Record<string, string>> => ({ 'memory.max': memory, 'memory.current': `${64 * MIB}\n`, 'cpu.max': cpu, 'cpu.stat': 'usage_usec 7000\nthrottled_usec 0\n' })

  it('bind where theirs is the tightest limit, and then it is their use that counts', () => {
    const { value } = begin(
      v2('/pod', { ...limits(`${256 * MIB}\n`, '150000 100000\n'), 'memory.current': `${192 * MIB}\n` }), v2('/pod/app', limits(`${300 * MIB}\n`, '20000 100000\n')), v2('/pod/app/worker', limits('max\n', 'max 100000\n')),
      { 'proc/self/cgroup': '0::/pod/app/worker\n', 'proc/self/mountinfo': V2_MOUNT(), 'cgroup/cpu.stat': 'usage_usec 1\n' },
    ).look()
    expect([value('cgroup.memory.limit'), value('memory.usage'), value('cgroup.cpu.limit'), value('cgroup.cpu.time')]).toEqual([256 * MIB, 0.75, 0.2, 7])
  })

  it.each([
    ['a path the mount shows a part of', '0::/docker/abc/app\n', '/docker/abc', '/app'],
    ['a mount from outside the namespace', '0::/../../app\n', '/../..', '/app'],
    ['a group outside of what is mounted', '0::/../..\n', '/', ''],
    ['a path of the host nobody mounted', '0::/kubepods/pod1/c1\n', '/', ''],
    ['a path with a blank and colons', '0::/a b:c\n', '/', '/a b:c'],
  ])('are found with %s', (_, groups, root, folder) => {
    const { value } = begin(v2(folder, limits(`${128 * MIB}\n`, '30000 100000\n')), { 'proc/self/cgroup': groups, 'proc/self/mountinfo': V2_MOUNT(root) }).look()
    expect([value('memory.usage'), value('cgroup.cpu.limit')]).toEqual([0.5, 0.3])
  })
})

describe('a container of version 1', () => {
  const NONE = '9223372036854771712\n'
  const group = (folder: string, memory: string, quota: string): Tree => ({
    [`cgroup/memory${folder}/memory.limit_in_bytes`]: memory, [`cgroup/memory${folder}/memory.usage_in_bytes`]: `${200 * MIB}\n`, [`cgroup/memory${folder}/memory.stat`]: `cache 1\ninactive_file 5\ntotal_cache 2\ntotal_inactive_file ${72 * MIB}\n`,
    [`cgroup/memory${folder}/memory.oom_control`]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 6\n', [`cgroup/cpu,cpuacct${folder}/cpu.cfs_quota_us`]: quota, [`cgroup/cpu,cpuacct${folder}/cpu.cfs_period_us`]: '100000\n',
    [`cgroup/cpu,cpuacct${folder}/cpu.stat`]: 'nr_periods 1\nnr_throttled 2\nthrottled_time 3000000\n', [`cgroup/cpu,cpuacct${folder}/cpuacct.usage`]: '4500000\n', [`cgroup/pids${folder}/pids.max`]: 'max\n', [`cgroup/pids${folder}/pids.current`]: '3\n',
  })
  const groups = (path: string): string => `9:name=systemd:${path}\n8:pids:${path}\n4:memory:${path}\n2:cpu,cpuacct:${path}\n0::/\n`

  it('tells its limits, from the part of the hierarchy that is mounted for it', () => {
    const { value, failures } = begin(group('', `${256 * MIB}\n`, '150000\n'), { 'proc/self/cgroup': groups('/docker/abc'), 'proc/self/mountinfo': V1_MOUNTS('/docker/abc') }).look()
    expect(failures).toEqual([])
    expect([value('cgroup.memory.limit'), value('cgroup.memory.used'), value('memory.usage'), value('cgroup.oom_kills')]).toEqual([256 * MIB, 128 * MIB, 0.5, 6])
    expect([value('cgroup.cpu.limit'), value('cgroup.cpu.time'), value('cgroup.cpu.throttled.time'), value('cgroup.tasks'), value('cgroup.tasks.limit')]).toEqual([1.5, 4.5, 3, 3, undefined])
  })

  it('takes what version 1 says instead of a limit for none', () => {
    const { value } = begin(group('', NONE, '-1\n'), group('/user', NONE, '-1\n'), { 'proc/self/cgroup': groups('/user'), 'proc/self/mountinfo': V1_MOUNTS('/') }).look()
    expect([value('cgroup.memory.limit'), value('cgroup.cpu.limit'), value('cgroup.memory.used'), value('memory.usage')]).toEqual([undefined, undefined, 128 * MIB, 0.4])
  })

  it('says nothing of a group that is the whole machine', () => {
    const { value } = begin(group('', NONE, '-1\n'), { 'proc/self/cgroup': groups('/'), 'proc/self/mountinfo': V1_MOUNTS('/') }).look()
    expect([value('cgroup.memory.used'), value('cgroup.cpu.time'), value('cgroup.tasks')]).toEqual([undefined, undefined, undefined])
  })

  it('does not take the machine\'s processor time for the group\'s where that is not counted apart', () => {
    const apart = V1_MOUNTS('/').replace('cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct', 'cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu') + '50 31 0:39 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n'
    const { value } = begin(group('/app', NONE, '50000\n'), { 'cgroup/cpuacct/cpuacct.usage': '99999999\n', 'proc/self/cgroup': '4:cpu:/app\n3:cpuacct:/\n', 'proc/self/mountinfo': apart }).look()
    expect([value('cgroup.cpu.limit'), value('cgroup.cpu.time')]).toEqual([0.5, undefined])
  })
})

it('a process of no group, and lines that are none, are no failure', () => {
  for (const [groups, mounts] of [['', ''], ['rubbish\n::\n4:memory\n', 'rubbish\n - cgroup2\n1 2 3 - cgroup cgroup rw,memory\n'], ['0::/x\n', '30 23 0:26 / /nowhere\\040at\\040all rw - cgroup2 c rw\n']]) {
    const { failures, value } = begin({ 'proc/self/cgroup': groups ?? '', 'proc/self/mountinfo': mounts ?? '' }).look()
    expect([failures, value('cgroup.memory.used'), value('memory.usage')]).toEqual([[], undefined, 0.4])
    system?.close()
  }
})
