import { buildSync } from 'esbuild'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'medianest-dns-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A /etc/resolv.conf that only one program sees needs a mount namespace of its own. */
const mayMount = ((): boolean => {
  writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.153\n')
  try {
    execFileSync('unshare', ['-m', 'mount', '--bind', join(folder, 'resolv.conf'), '/etc/resolv.conf'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!mayMount)('beside a dead name server (needs the right to mount)', () => {
  it('names of this machine are found at once, others fail in their time, and the program can end', () => {
    writeFileSync(join(folder, 'ask.ts'), `
      import { createSocket } from 'node:dgram'
      import { lookUp } from '${join(import.meta.dirname, '../../src/services/dns.ts')}'
      const dead = createSocket('udp4').bind(53, '127.0.0.153', async () => {
        const ask = (name: string) => lookUp(name, { signal: AbortSignal.timeout(1_500), timeoutMs: 1_500 }).then(({ addresses }) => addresses[0], (problem) => problem.message)
        const waiting = ['one.example', 'two.example', 'three.example', 'four.example', 'five.example', 'nas.local'].map(ask)
        const started = performance.now()
        const known = await ask('localhost')
        const tookMs = performance.now() - started
        console.log(JSON.stringify({ known, tookMs, waiting: await Promise.all(waiting) }))
        process.exit()
      })
      dead.on('error', (error) => console.log(JSON.stringify({ failed: error.message })))`)
    buildSync({ entryPoints: [join(folder, 'ask.ts')], bundle: true, platform: 'node', format: 'esm', outfile: join(folder, 'ask.mjs'), logLevel: 'error' })
    const started = performance.now()
    const { stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', `mount --bind ${join(folder, 'resolv.conf')} /etc/resolv.conf && exec "$0" "$1"`, process.execPath, join(folder, 'ask.mjs')], { encoding: 'utf8', timeout: 20_000 })
    expect(stderr).toBe('')
    const said = JSON.parse(stdout) as { readonly known: string; readonly tookMs: number; readonly waiting: readonly string[] }
    expect(said.known).toMatch(/^(127\.0\.0\.1|::1)$/)
    expect(said.tookMs).toBeLessThan(1_000)
    expect(said.waiting).toEqual(said.waiting.map((_, index) => `the name ${['one.example', 'two.example', 'three.example', 'four.example', 'five.example', 'nas.local'][index]} was not resolved within 1.5 s: no name server answers`))
    // getaddrinfo in a thread would hold the end for ten seconds.
    expect(performance.now() - started).toBeLessThan(7_000)
  })
})
