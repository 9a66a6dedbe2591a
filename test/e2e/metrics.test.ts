import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { readPrometheus } from '../output/exposition.ts'
import { makeGroup, LIMIT } from '../sources/probes/group.ts'

const BIN = resolve(import.meta.dirname, '../../bin/medianest-perf.js')
const run = promisify(execFile)
const isLinux = process.platform === 'linux'

interface Envelope {
  readonly verdict: string
  readonly data: {
    readonly system: { readonly memory: { readonly total: number } }
    readonly metrics: { readonly memory: { readonly total: number; readonly usage: number; readonly host?: { readonly total: number } } }
    readonly filesystems: readonly { readonly mountpoint: string; readonly silent?: boolean }[]
  }
}

const undo: (() => void)[] = []
afterEach(() => {
  for (const each of undo.splice(0).reverse()) each()
})

describe('metrics of the built program', () => {
  test('is Prometheus text that a strict reader takes, with what the machine says itself', async () => {
    const { stdout } = await run(process.execPath, [BIN, 'metrics', '--interval', '200ms', '--format', 'prometheus'])
    const families = readPrometheus(stdout)
    expect(families.size).toBeGreaterThan(20)
    expect(families.get('medianest_memory_total_bytes')?.samples[0]?.value).toBeGreaterThan(1e6)
    if (isLinux) {
      const total = Number(/^MemTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1_024
      expect(families.get('medianest_memory_total_bytes')?.samples[0]?.value).toBe(total)
    }
  })

  test('is written whole, again and again, for a textfile collector', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medianest-metrics-'))
    undo.push(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'medianest.prom')
    await run(process.execPath, [BIN, 'metrics', '--watch', '--count', '2', '--interval', '200ms', '--output', `prometheus=${file}`])
    expect(readPrometheus(readFileSync(file, 'utf8')).size).toBeGreaterThan(20)
  })
})

const group = makeGroup()
afterAll(() => group?.remove())

describe.skipIf(!group)('inside a control group with limits (needs root and a control group file system that may be written to)', () => {
  test('the container is told the truth: its limit is the memory there is, and the machine stands beside it', async () => {
    const { stdout } = await run('sh', ['-c', `${group?.enter} && exec '${process.execPath}' '${BIN}' metrics --interval 300ms --format json`])
    const { data } = JSON.parse(stdout) as Envelope
    expect(data.metrics.memory.total).toBe(LIMIT)
    expect(data.system.memory.total).toBe(LIMIT)
    expect(data.metrics.memory.host?.total).toBeGreaterThan(LIMIT)
    expect(data.metrics.memory.usage).toBeGreaterThan(1)
    expect(data.metrics.memory.usage).toBeLessThanOrEqual(100)
  })

  test('people read of the limit too', async () => {
    const { stdout } = await run('sh', ['-c', `${group?.enter} && exec '${process.execPath}' '${BIN}' metrics --interval 300ms`])
    expect(stdout).toMatch(/memory .*of a limit of 268 MB/)
    expect(stdout).toMatch(/cpu .*of a limit of 0\.2 cpu/)
  })
})

describe.skipIf(!isLinux || process.getuid?.() !== 0 || !existsSync('/dev/fuse'))('with a file system that hangs (needs root and /dev/fuse)', () => {
  test('everything else is measured in time, the one that hangs is named, and the program ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medianest-hang-'))
    undo.push(() => rmSync(folder, { recursive: true, force: true }))
    const shell = spawn('bash', ['-c', 'exec 9<>/dev/fuse; mount -i -t fuse -o fd=9,rootmode=040000,user_id=0,group_id=0 hangfs "$1" && echo mounted; read', 'bash', folder], { stdio: ['pipe', 'pipe', 'ignore'] })
    undo.push(() => {
      shell.stdin.destroy()
      shell.kill('SIGKILL')
    }, () => void execFileSync('umount', ['-f', folder]))
    await new Promise((done, failed) => shell.stdout.once('data', done).once('end', () => failed(new Error('not mounted'))))
    const { stdout } = await run(process.execPath, [BIN, 'metrics', '--interval', '1s', '--format', 'json'], { timeout: 15_000 })
    const { data } = JSON.parse(stdout) as Envelope
    expect(data.filesystems.find(({ mountpoint }) => mountpoint === folder)).toMatchObject({ silent: true })
    expect(data.filesystems.find(({ mountpoint }) => mountpoint === '/')).toMatchObject({ silent: false })
    expect(data.metrics.memory.total).toBeGreaterThan(1e6)
  })
})
