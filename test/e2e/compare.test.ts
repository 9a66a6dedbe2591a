import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDemo, type Demo } from '../../src/demo/demo.ts'

const BIN = join(import.meta.dirname, '../../bin/medianest-perf.js')
const folder = mkdtempSync(join(tmpdir(), 'medianest-compare-'))
let demo: Demo
beforeAll(async () => {
  demo = await startDemo({ latencyMs: 5 })
})
afterAll(() => demo.close())

async function run(argv: readonly string[], stdin = ''): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: folder, stdio: 'pipe' })
  const text = { out: '', err: '' }
  child.stdout.on('data', (bytes) => (text.out += String(bytes)))
  child.stderr.on('data', (bytes) => (text.err += String(bytes)))
  child.stdin.end(stdin)
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, ...text }
}

interface Envelope {
  readonly verdict: string
  readonly data: { readonly comparable: boolean; readonly figures: readonly { readonly figure: string; readonly why: string; readonly n: { readonly base: number } }[] }
}

describe('compare, as it is installed', () => {
  it('takes two results of load, saved or written as JSON, and says what one run a side cannot tell', async () => {
    const load = ['load', `${demo.url}/api/v1/media/7`, '-c', '2', '-d', '1s', '--quiet']
    expect((await run([...load, '--save', 'before.json'])).code).toBe(0)
    expect((await run([...load, '--output', 'json=after.json'])).code).toBe(0)

    const told = await run(['compare', 'before.json', '-', '--format', 'json', '--gate', 'http.duration'], readFileSync(join(folder, 'after.json'), 'utf8'))
    const { verdict, data } = JSON.parse(told.out) as Envelope
    expect(data.comparable).toBe(true)
    const median = data.figures.find(({ figure }) => figure === 'http.duration p(50)')
    expect(median?.n.base).toBe(1)
    expect(median?.why).toMatch(/a test needs 5 a side/)
    // Were the machine held up through a whole run, the change would be beyond the guard.
    if (!median?.why.includes('beyond the guard')) {
      expect({ code: told.code, verdict }).toEqual({ code: 0, verdict: 'warn' })
      expect((await run(['compare', 'before.json', 'after.json', '--strict', '--gate', 'http.duration'])).code).toBe(2)
    }
  })
})
