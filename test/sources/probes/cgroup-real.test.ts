import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ByteScanner } from '../../../src/sources/probes/byte-scanner.ts'
import { ProcFile } from '../../../src/sources/probes/proc-file.ts'
import type { Seen } from './limited.ts'

const ROOT = '/sys/fs/cgroup'
const NAME = `medianest-test-${process.pid}`
const LIMIT = 256 * 1_048_576

interface Group {
  readonly folders: readonly string[]
  readonly memoryFile: string
}

/** A group with 256 MiB and a fifth of a processor; null where none can be made. */
function makeGroup(): Group | null {
  const made: string[] = []
  const at = (folder: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(folder)
    made.push(folder)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  }
  try {
    if (existsSync(`${ROOT}/cgroup.controllers`)) {
      const offered = readFileSync(`${ROOT}/cgroup.subtree_control`, 'utf8').split(/\s+/)
      if (!['cpu', 'memory', 'pids'].every((controller) => offered.includes(controller))) return null
      at(`${ROOT}/${NAME}`, { 'memory.max': String(LIMIT), 'cpu.max': '20000 100000' })
      return { folders: made, memoryFile: 'memory.current' }
    }
    at(`${ROOT}/memory/${NAME}`, { 'memory.limit_in_bytes': String(LIMIT) })
    at(`${ROOT}/cpu/${NAME}`, { 'cpu.cfs_period_us': '100000', 'cpu.cfs_quota_us': '20000' })
    // Mounted together with cpu on most systems.
    if (!existsSync(`${ROOT}/cpuacct/${NAME}`)) at(`${ROOT}/cpuacct/${NAME}`, {})
    at(`${ROOT}/pids/${NAME}`, {})
    return { folders: made, memoryFile: 'memory.usage_in_bytes' }
  } catch {
    made.forEach((folder) => rmdirSync(folder))
    return null
  }
}

const group = makeGroup()
afterAll(() => group?.folders.filter((folder) => existsSync(folder)).forEach((folder) => rmdirSync(folder)))

describe.skipIf(!group)('a real control group with limits (needs root and a control group file system that may be written to)', () => {
  let first: Seen
  let busy: Seen
  let full: Seen

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medianest-limited-'))
    const script = join(folder, 'limited.mjs')
    await build({ entryPoints: [join(import.meta.dirname, 'limited.ts')], outfile: script, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' })
    const enter = (group?.folders ?? []).map((each) => `echo $$ > ${each}/cgroup.procs`).join(' && ')
    const { stdout } = await promisify(execFile)('sh', ['-c', `${enter} && exec "${process.execPath}" "${script}"`], { timeout: 25_000 })
    rmSync(folder, { recursive: true })
    const seen = JSON.parse(stdout) as { readonly first: Seen; readonly busy: Seen; readonly full: Seen }
    first = seen.first
    busy = seen.busy
    full = seen.full
  })

  it('shows its limits to a process inside, and memory.usage is of them', () => {
    expect(first.failures).toEqual([])
    expect([first.limit, first.cpuLimit]).toEqual([LIMIT, 0.2])
    expect(first.tasks).toBeGreaterThan(1)
    expect(first.used).toBeGreaterThan(5_000_000)
    expect(first.used).toBeLessThan(LIMIT)
    expect([first.usage, first.headline]).toEqual([(first.used ?? 0) / LIMIT, first.usage])
  })

  it('shows that a second of work at a fifth of a processor was held back', () => {
    const spent = (busy.cpuTimeMs ?? Number.NaN) - (first.cpuTimeMs ?? Number.NaN)
    expect(spent).toBeGreaterThan(100)
    expect(spent).toBeLessThan(600)
    expect((busy.throttledMs ?? Number.NaN) - (first.throttledMs ?? Number.NaN)).toBeGreaterThan(300)
  })

  it('shows 60 MB more in memory', () => {
    const grown = (full.used ?? Number.NaN) - (busy.used ?? Number.NaN)
    expect(grown).toBeGreaterThan(50_000_000)
    expect(grown).toBeLessThan(90_000_000)
  })

  it('leaves a file that is absent, not an error, when it is taken away', () => {
    const [folder = ''] = group?.folders ?? []
    const scanner = new ByteScanner()
    const file = new ProcFile(join(folder, group?.memoryFile ?? ''))
    expect(file.readNumber(scanner)).toBeGreaterThanOrEqual(0)
    rmdirSync(folder)
    expect([file.read(scanner), file.read(scanner)]).toEqual([false, false])
  })
})
