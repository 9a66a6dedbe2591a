import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runServe } from '../../src/commands/serve-run.ts'
import { reportToken } from '../../src/commands/serve-token.ts'
import type { SERVE_FLAGS } from '../../src/commands/serve.ts'
import type { FlagValues } from '../../src/commands/flag.ts'
import { loadConfig } from '../../src/config.ts'
import { UserError } from '../../src/model/error.ts'
import type { Report } from '../../src/model/report.ts'
import { ask, listen } from '../api/server/start.ts'
import { fakeResident, type FakeResident } from '../contract/fake-instance.ts'
import { type TestHost, testHost } from '../host.ts'

const TLS = resolve(import.meta.dirname, '../fixtures/tls')
const NO_FLAGS: FlagValues<typeof SERVE_FLAGS> = { host: undefined, port: 0, makeToken: undefined, name: undefined }

interface Run {
  readonly host: TestHost
  readonly resident: FakeResident
  readonly reports: AsyncGenerator<Report>
  readonly folder: string
  readonly hangUp: () => void
}

async function run(yaml = '', flags: Partial<FlagValues<typeof SERVE_FLAGS>> = {}, env: Record<string, string> = {}): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'serve-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'medianest-perf.yaml'), yaml)
  const listeners: (() => void)[] = []
  const host: TestHost = { ...testHost(['serve'], { cwd: folder, env }), onSignal: (_signal, listener) => {
    listeners.push(listener)
    return () => undefined
  } }
  const resident = fakeResident()
  const config = await loadConfig(host, undefined)
  const reports = runServe({ host, config, flags: { ...NO_FLAGS, ...flags }, note: (text) => host.stderr.write(`${text}\n`) }, async () => resident)
  return { host, resident, reports, folder, hangUp: () => listeners.forEach((each) => each()) }
}

async function refusal(yaml: string, flags: Partial<FlagValues<typeof SERVE_FLAGS>> = {}, env: Record<string, string> = {}): Promise<UserError & { readonly said: string }> {
  try {
    const { reports } = await run(yaml, flags, env)
    await reports.next()
    await reports.return(undefined)
  } catch (error) {
    if (error instanceof UserError) return Object.assign(error, { said: `${error.message}; ${error.hint ?? ''}` })
    throw error
  }
  throw new Error('it was served')
}

const urlOf = (result: IteratorResult<Report>): { url: string; port: number } => (result.value as Report).data as { url: string; port: number }

describe('serve', () => {
  it('says where it listens, answers, and on TERM ends streams and flushes', async () => {
    const { host, resident, reports } = await run()
    const first = await reports.next()
    const { url, port } = urlOf(first)
    expect(first.value).toMatchObject({ interim: true, command: 'serve', data: { url: `http://127.0.0.1:${port}`, port } })
    expect(host.err()).toContain(`medianest-perf listens at ${url}, for programs on this machine that read (Ctrl-C ends it)\n`)
    expect((await ask(port, '/api/v1/performance/summary')).status).toBe(200)
    const listening = await listen(port, '/api/v1/performance/metrics/real-time?interval=60')
    await listening.until((each) => each.events().length > 0)
    const last = reports.next()
    host.interrupt('SIGTERM')
    await listening.ended
    expect((await last).value).toMatchObject({ interim: false, verdict: 'ok', title: expect.stringContaining('ended by SIGTERM') })
    expect([resident.isClosed, listening.text().endsWith(': this instance ends\n\n')]).toEqual([true, true])
    await expect(ask(port, '/health/live')).rejects.toThrow('ECONNREFUSED')
    expect((await reports.next()).done).toBe(true)
  })

  it('makes a token that is told once, and an entry that knows it', async () => {
    const { data, text = '' } = reportToken(testHost([]), 'admin', 'ops')
    const { token, entry } = data as { token: string; entry: { hash: string } }
    expect(token).toMatch(/^mnp_[\w-]{43}$/)
    expect(entry).toEqual({ name: 'ops', role: 'admin', hash: `sha256:${createHash('sha256').update(token).digest('hex')}` })
    const { reports } = await run(text.slice(text.indexOf('serve:')))
    const { port } = urlOf(await reports.next())
    expect((await ask(port, '/api/v1/performance/resources', { token })).status).toBe(200)
    expect((await ask(port, '/api/v1/performance/resources')).status).toBe(401)
    await reports.return(undefined)
  })

  it('warns of tokens that have expired, by name', async () => {
    const entry = (name: string, digit: string, expires: string): string => `{name: ${name}, role: admin, hash: "sha256:${digit.repeat(64)}", expires: ${expires}}`
    const said = async (...entries: readonly string[]): Promise<string> => {
      const { host, reports } = await run(`serve: {tokens: [${entries.join(', ')}]}`)
      await reports.next()
      await reports.return(undefined)
      return host.err()
    }
    const old = [entry('ops', '0', '2020-01-01T00:00:00Z'), entry('ci', '1', '2020-01-01T00:00:00Z')]
    expect(await said(...old)).toContain('warning: every token of serve.tokens has expired (ops, ci)')
    expect(await said(...old, entry('new', '2', '2999-01-01T00:00:00Z'))).toContain('warning: of serve.tokens these have expired: ops, ci\n')
    expect((await refusal(`serve: {tokens: [${entry('ops', '0', 'tomorrow')}]}`)).said).toContain('must be a moment such as 2027-06-30T00:00:00Z, but it is the text "tomorrow"')
  })

  it.each([['0.0.0.0'], ['::'], ['192.0.2.1'], ['nas.example.org']])('does not listen on %s without tokens, and says how to make one', async (host) => {
    const error = await refusal('', { host })
    expect([error.code, error.kind]).toEqual(['NEEDS_AUTHENTICATION', 'input'])
    expect(error.said).toContain('--make-token admin')
  })

  it('says whose fault it is that a port cannot be opened', async () => {
    const taken = createServer()
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done))
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as { port: number }
    expect(await refusal('', { port })).toMatchObject({ code: 'PORT_IN_USE', kind: 'input', message: `port ${port} on 127.0.0.1 is in use by another program` })
    const token = `serve: {tokens: [{name: a, role: admin, hash: "sha256:${'0'.repeat(64)}"}]}`
    expect((await refusal(token, { host: '192.0.2.1' })).code).toBe('HOST_NOT_LOCAL')
    expect((await refusal(token, { host: 'no-such-host.invalid' })).code).toBe('HOST_UNKNOWN')
    expect((await refusal('', { port: undefined }, { MEDIANEST_SERVE_PORT: 'x' })).kind).toBe('usage')
  })

  it('takes flags before the environment, and the environment before the configuration', async () => {
    const { reports } = await run('serve: {host: 192.0.2.1, port: 1}', { port: undefined, host: undefined }, { MEDIANEST_SERVE_HOST: '127.0.0.2', MEDIANEST_SERVE_PORT: '0' })
    expect(urlOf(await reports.next()).url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/)
    await reports.return(undefined)
    expect((await refusal('serve: {host: 192.0.2.1}')).code).toBe('NEEDS_AUTHENTICATION')
  })

  it.each([
    ['two tokens of one name', `serve: {tokens: [{name: a, role: admin, hash: "sha256:${'0'.repeat(64)}"}, {name: a, role: user, hash: "sha256:${'1'.repeat(64)}"}]}`, 'there are two tokens named "a"'],
    ['a token that is not hashed', 'serve: {tokens: [{name: a, role: admin, hash: hunter2}]}', '--make-token'],
    ['a short secret', 'serve: {jwt: {algorithm: HS256, secret: short, issuer: a, audience: b}}', 'has 5 bytes'],
    ['a secret that repeats', `serve: {jwt: {algorithm: HS256, secret: ${'a'.repeat(40)}, issuer: a, audience: b}}`, 'could be guessed'],
    ['a secret that is not there', 'serve: {jwt: {algorithm: HS256, secret: {file: nowhere}, issuer: a, audience: b}}', 'nowhere'],
    ['a secret in a variable that is not set', 'serve: {jwt: {algorithm: HS256, secret: {env: NOWHERE}, issuer: a, audience: b}}', 'NOWHERE is not set'],
    ['no key', 'serve: {jwt: {algorithm: RS256, issuer: a, audience: b}}', 'needs publicKey for RS256'],
    ['a key of another algorithm', 'serve: {jwt: {algorithm: RS256, secret: x, publicKey: y, issuer: a, audience: b}}', 'means nothing to RS256'],
    ['no key at all', 'serve: {jwt: {algorithm: ES256, publicKey: nonsense, issuer: a, audience: b}}', 'no public key in PEM'],
    ['an origin with a path', 'serve: {cors: {origins: "https://a.example/x"}}', 'no origin'],
    ['every origin', 'serve: {cors: {origins: "*"}}', 'every page'],
    ['a proxy that is everybody', 'serve: {trustProxy: 0.0.0.0/0}', 'no address of a proxy'],
    ['a name with a port', 'serve: {allowedHosts: "nas:9464"}', 'no host name'],
    ['a log in a folder that is not there', 'serve: {auditLog: nowhere/audit.log}', 'its folder does not exist'],
    ['a certificate that is not there', 'serve: {tls: {cert: nowhere.pem, key: nowhere.pem}}', 'there is no such file'],
    ['a certificate and a key that were mixed up', `serve: {tls: {cert: "${TLS}/localhost.key.pem", key: "${TLS}/localhost.cert.pem"}}`, 'mixed up'],
    ['a key of another certificate', `serve: {tls: {cert: "${TLS}/localhost.cert.pem", key: "${TLS}/other.key.pem"}}`, 'does not belong to the certificate'],
  ])('refuses %s', async (_what, yaml, words) => {
    const { said, kind } = await refusal(yaml)
    expect(said).toContain(words)
    expect(kind).toBe('input')
    expect(said).not.toMatch(/hunter2|aaaaaaa/)
  })

  it('refuses keys that could be broken, or that are not public', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
    openssl('genrsa', '-out', 'weak.key', '1024')
    openssl('rsa', '-in', 'weak.key', '-pubout', '-out', 'weak.pub')
    openssl('ecparam', '-name', 'secp384r1', '-genkey', '-noout', '-out', 'ec.key')
    openssl('ec', '-in', 'ec.key', '-pubout', '-out', 'ec.pub')
    const of = (algorithm: string, file: string): string => `serve: {jwt: {algorithm: ${algorithm}, publicKey: {file: "${folder}/${file}"}, issuer: a, audience: b}}`
    expect((await refusal(of('RS256', 'weak.pub'))).said).toContain('1024 bits')
    expect((await refusal(of('RS256', 'ec.pub'))).said).toContain('RS256 needs RSA')
    expect((await refusal(of('ES256', 'ec.pub'))).said).toContain('secp384r1')
    expect((await refusal(of('ES256', 'ec.key'))).said).toContain('private key')
    expect((await refusal(`serve: {jwt: {algorithm: HS256, secret: {file: "${folder}/weak.pub"}, issuer: a, audience: b}}`)).said).toContain('PEM')
  })

  it('answers over TLS, and takes a renewed certificate on HUP', async () => {
    const { reports, folder, hangUp, host } = await run('serve: {tls: {cert: cert.pem, key: key.pem}}').catch(async () => {
      throw new Error('not read')
    })
    const use = (name: string): void => {
      for (const part of ['cert', 'key']) writeFileSync(join(folder, `${part}.pem`), readFileSync(join(TLS, `${name}.${part}.pem`)))
    }
    use('localhost')
    const { url, port } = urlOf(await reports.next())
    expect(url).toBe(`https://127.0.0.1:${port}`)
    const seen = (): Promise<string> => new Promise((done, failed) => httpsRequest({ host: '127.0.0.1', port, path: '/health/live', rejectUnauthorized: false, agent: false }, (response) => {
      const { fingerprint256 } = (response.socket as unknown as { getPeerCertificate(): { fingerprint256: string } }).getPeerCertificate()
      response.resume().once('end', () => done(`${fingerprint256} ${String(response.headers['strict-transport-security'])}`))
    }).once('error', failed).end())
    const before = await seen()
    expect(before).toContain('max-age=')
    use('other')
    hangUp()
    await expect.poll(seen).not.toBe(before)
    writeFileSync(join(folder, 'key.pem'), 'broken')
    hangUp()
    await expect.poll(() => host.err()).toContain('kept what was there')
    await reports.return(undefined)
  })

  it('keeps its log where only its owner reads it, and goes on in a new file when that one is rotated', async () => {
    const { reports, folder, hangUp } = await run('serve: {auditLog: audit.log}')
    const { port } = urlOf(await reports.next())
    const file = join(folder, 'audit.log')
    await ask(port, '/api/v1/performance/optimize', { method: 'POST', body: {} })
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('"refused"')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    renameSync(file, `${file}.1`)
    hangUp()
    await ask(port, '/api/v1/performance/alerts', { method: 'PUT', body: {} })
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('/alerts')
    expect(readFileSync(`${file}.1`, 'utf8')).not.toContain('/alerts')
    chmodSync(file, 0o600)
    await reports.return(undefined)
  })
})
