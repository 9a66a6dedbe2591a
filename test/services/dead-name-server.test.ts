import { buildSync } from 'esbuild'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const services = join(import.meta.dirname, '../../src/services')
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
      import { lookUp } from '${join(services, 'dns.ts')}'
      import { askNtp } from '${join(services, 'ntp.ts')}'
      import { openPostgres } from '${join(services, 'postgres.ts')}'
      import { connectRedis } from '${join(services, 'redis.ts')}'
      const dead = createSocket('udp4').bind(53, '127.0.0.153', async () => {
        const ask = (name: string) => lookUp(name, { signal: AbortSignal.timeout(1_500), timeoutMs: 1_500 }).then(({ addresses }) => addresses[0], (problem) => problem.message)
        const waiting = ['one.example', 'two.example', 'three.example', 'four.example', 'five.example', 'nas.local'].map(ask)
        const started = performance.now()
        const known = await ask('localhost')
        const tookMs = performance.now() - started
        const signal = AbortSignal.timeout(1_500)
        const postgres = { host: 'db.example', port: 5432, database: 'x', user: 'x', password: undefined, sslMode: 'prefer' as const, certificates: {} }
        const drivers = [
          openPostgres(postgres, {}, signal), connectRedis({ host: 'cache.example', port: 6379, isTls: false }, signal), askNtp({ host: 'time.example', port: 123, wallMs: Date.now, now: () => performance.now() }, signal),
        ].map((asked: Promise<unknown>) => asked.then(() => 'answered', (problem) => problem.message))
        console.log(JSON.stringify({ known, tookMs, waiting: await Promise.all(waiting), drivers: await Promise.all(drivers) }))
        process.exit()
      })
      dead.on('error', (error) => console.log(JSON.stringify({ failed: error.message })))`)
    buildSync({ entryPoints: [join(folder, 'ask.ts')], bundle: true, platform: 'node', format: 'cjs', outfile: join(folder, 'ask.cjs'), logLevel: 'error' })
    const started = performance.now()
    const { stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', `mount --bind ${join(folder, 'resolv.conf')} /etc/resolv.conf && exec "$0" "$1"`, process.execPath, join(folder, 'ask.cjs')], { encoding: 'utf8', timeout: 20_000 })
    expect(stderr).toBe('')
    const said = JSON.parse(stdout) as { readonly known: string; readonly tookMs: number; readonly waiting: readonly string[]; readonly drivers: readonly string[] }
    expect(said.known).toMatch(/^(127\.0\.0\.1|::1)$/)
    expect(said.tookMs).toBeLessThan(1_000)
    expect(said.waiting).toEqual(said.waiting.map((_, index) => `the name ${['one.example', 'two.example', 'three.example', 'four.example', 'five.example', 'nas.local'][index]} was not resolved within 1.5 s: no name server answers`))
    expect(said.drivers).toEqual(['db.example', 'cache.example', 'time.example'].map(() => expect.stringContaining('no name server answers') as unknown))
    // getaddrinfo in a thread would hold the end for ten seconds.
    expect(performance.now() - started).toBeLessThan(7_000)
  })
})
