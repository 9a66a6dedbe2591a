import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasTerminals, openTerminal } from './terminal.ts'

const BIN = join(import.meta.dirname, '../../bin/medianest-perf.js')
const RUN = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/artifacts/medianest-run.json'), 'utf8')) as Record<string, unknown>

function project(runs: number): { readonly folder: string; readonly kept: () => string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-baseline-'))
  for (let nth = 1; nth <= runs; nth++) writeFileSync(join(folder, `run-${nth}.json`), JSON.stringify({ ...RUN, startedAt: new Date(Date.now() - nth * 60_000).toISOString() }))
  return { folder, kept: () => readdirSync(join(folder, '.medianest-perf/baselines'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json')) }
}

async function run(cwd: string, argv: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { out: '', err: '' }
  child.stdout.on('data', (bytes) => (text.out += String(bytes)))
  child.stderr.on('data', (bytes) => (text.err += String(bytes)))
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, ...text }
}

describe('baseline, as it is installed', () => {
  it('four processes that save at once lose nothing, and one of them keeps no more than was asked for', async () => {
    const { folder, kept } = project(8)
    const told = await Promise.all([1, 3, 5, 7].map((nth) => run(folder, ['baseline', 'save', `run-${nth}.json`, `run-${nth + 1}.json`, '--branch', 'feature/x'])))
    expect(told.map(({ code, err }) => [code, err])).toEqual(Array.from({ length: 4 }, () => [0, '']))
    expect(kept()).toHaveLength(8)
    expect((await run(folder, ['compare', '--against', 'feature/x', 'run-1.json', '--format', 'json'])).out).toContain('"runs":')
    expect((await run(folder, ['baseline', 'prune', '--keep', '3', '--yes'])).code).toBe(0)
    expect(kept()).toHaveLength(3)
  })

  it('a kept run is a file that compare reads', async () => {
    const { folder, kept } = project(1)
    await run(folder, ['baseline', 'save', 'run-1.json', '--branch', 'main'])
    const told = await run(folder, ['compare', join('.medianest-perf/baselines', kept()[0] ?? ''), 'run-1.json', '--format', 'json'])
    expect((JSON.parse(told.out) as { data: { comparable: boolean } }).data.comparable).toBe(true)
  })

  it.skipIf(!hasTerminals)('prune asks on a terminal, and takes nothing but yes for one (needs script of util-linux)', async () => {
    const { folder, kept } = project(3)
    await run(folder, ['baseline', 'save', 'run-1.json', 'run-2.json', 'run-3.json', '--branch', 'main'])
    const answer = async (keys: string): Promise<number> => {
      const terminal = openTerminal(['baseline', 'prune', '--keep', '1'], { cwd: folder })
      await terminal.sees('Remove 2 runs of main in .medianest-perf/baselines? [y/N]')
      terminal.type(keys)
      const code = await terminal.ended
      await terminal.close()
      return code
    }
    expect([await answer('\r'), await answer('\u0003'), await answer('\u0004')]).toEqual([0, 130, 0])
    expect(kept()).toHaveLength(3)
    expect(await answer('y\r')).toBe(0)
    expect(kept()).toHaveLength(1)
  })
})
