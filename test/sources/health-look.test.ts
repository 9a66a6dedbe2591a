import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import type { MetricName } from '../../src/model/metric.ts'
import { openLook as openElsewhereLook } from '../../src/sources/elsewhere-health-look.ts'
import { openHealthLook } from '../../src/sources/health-look.ts'
import { testHost } from '../host.ts'

const isLinux = process.platform === 'linux'

describe('a look at this machine for its health', () => {
  it.runIf(isLinux)('says levels and interfaces, and needs no second look', async () => {
    const look = await openHealthLook(testHost([]))
    const { samples, interfaces, failures } = await look.machine()
    look.close()
    for (const metric of ['memory.usage', 'load.5', 'files.open', 'files.limit', 'uptime'] as const) expect(samples.get(metric)?.get('')).toBeGreaterThanOrEqual(0)
    expect(interfaces.map(({ name }) => name)).toContain('lo')
    expect([...failures]).toEqual([])
  })

  it('watches the processors for as long as it is told, and no longer than it may', async () => {
    const look = await openHealthLook(testHost([]))
    const busy = spawn(process.execPath, ['-e', 'for (const end = Date.now() + 5000; Date.now() < end;);'])
    try {
      const usage = (await look.usage(400, AbortSignal.timeout(5_000))).get('cpu.usage')?.get('') ?? Number.NaN
      expect(usage).toBeGreaterThan(0.2 / availableParallelism())
      expect(usage).toBeLessThanOrEqual(1)
      const started = performance.now()
      await look.usage(60_000, AbortSignal.timeout(100))
      expect(performance.now() - started).toBeLessThan(5_000)
    } finally {
      busy.kill('SIGKILL')
      look.close()
    }
  })

  it('is shared by those who ask within a second, and a new one after that', async () => {
    let time = 0
    const look = await openHealthLook({ ...testHost([]), now: () => time })
    const first = look.machine()
    time = 999
    expect(look.machine()).toBe(first)
    time = 1_001
    expect(look.machine()).not.toBe(first)
    look.close()
  })

  it('tells file systems by paths from where it was started', async () => {
    const look = await openHealthLook(testHost([], { cwd: '/' }))
    const [root, nowhere] = await look.fileSystems(['.', 'no/such/path'], 5_000)
    expect(root).toMatchObject({ path: '/', mountpoint: '/', isMountpoint: true, answer: 'ok' })
    expect(root?.sizeBytes).toBeGreaterThan(0)
    expect(nowhere).toMatchObject({ path: '/no/such/path', answer: 'absent' })
    expect((await look.fileSystems(undefined, 5_000)).map(({ mountpoint }) => mountpoint)).toContain('/')
    look.close()
  })

  it('lists processes without this one and what it started', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    const look = await openHealthLook(testHost([]))
    const pids = (await look.processes()).map(({ program }) => program.pid)
    child.kill('SIGKILL')
    look.close()
    expect(pids.length).toBeGreaterThan(0)
    expect(pids).not.toContain(process.pid)
    expect(pids).not.toContain(child.pid)
  })
})

describe('a look at the health of another system', () => {
  const open = (table: Partial<Record<MetricName, Record<string, number>>>, delayMs = 0) => openElsewhereLook(testHost([]), () => ({
    look: async () => {
      await new Promise((done) => setTimeout(done, delayMs))
      return { samples: new Map(Object.entries(table).map(([metric, values]) => [metric as MetricName, new Map(Object.entries(values))])), processes: null }
    },
    close: () => undefined,
  }))
  const DISKS = { 'filesystem.size': { '/': 100, '/Volumes/nas': 50 }, 'filesystem.used': { '/': 60, '/Volumes/nas': 10 }, 'filesystem.available': { '/': 40, '/Volumes/nas': 40 }, 'filesystem.readonly': { '/': 1, '/Volumes/nas': 0 } }

  it('derives what that system does not say itself', async () => {
    const { samples, failures } = await open({ 'memory.total': { '': 100 }, 'memory.available': { '': 25 }, 'swap.total': { '': 10 }, 'swap.used': { '': 4 }, 'probe.success': { memory: 1, network: 0 } }).machine()
    expect([samples.get('memory.usage')?.get(''), samples.get('swap.usage')?.get('')]).toEqual([0.75, 0.4])
    expect([...failures.keys()]).toEqual(['network'])
  })

  it('knows its file systems, and those of paths', async () => {
    const look = open(DISKS)
    expect(await look.fileSystems(undefined, 1_000)).toMatchObject([{ mountpoint: '/', usedBytes: 60, isReadOnly: true, shouldBeReadOnly: undefined, answer: 'ok' }, { mountpoint: '/Volumes/nas' }])
    expect(await look.fileSystems(['/tmp', '/Volumes/nas/never'], 1_000)).toMatchObject([{ path: '/tmp', mountpoint: '/', isMountpoint: false, answer: 'ok' }, { mountpoint: '/Volumes/nas', answer: 'absent' }])
  })

  it('does not wait longer than it may, and then nothing is known', async () => {
    const startedAt = performance.now()
    expect(await open(DISKS, 2_000).fileSystems(['/tmp'], 100)).toMatchObject([{ path: '/tmp', answer: 'refused' }])
    expect(performance.now() - startedAt).toBeLessThan(1_500)
  })

  it('says that its processes could not be listed, instead of none', async () => {
    await expect(open({}).processes()).rejects.toThrow('did not list its processes')
  })
})
