import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ByteScanner } from '../../../src/sources/probes/byte-scanner.ts'
import { ProcFile } from '../../../src/sources/probes/proc-file.ts'
import { LIMIT, makeGroup } from './group.ts'
import type { Seen } from './limited.ts'

const group = makeGroup()
afterAll(() => group?.remove())

describe.skipIf(!group)('a real control group with limits (needs root and a control group file system that may be written to)', () => {
  let first: Seen
  let busy: Seen
  let full: Seen

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medianest-limited-'))
    const script = join(folder, 'limited.mjs')
    await build({ entryPoints: [join(import.meta.dirname, 'limited.ts')], outfile: script, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' })
    const { stdout } = await promisify(execFile)('sh', ['-c', `${group?.enter} && exec "${process.execPath}" "${script}"`], { timeout: 25_000 })
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
