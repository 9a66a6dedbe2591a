import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, chownSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres } from '../../src/services/postgres.ts'
import type { PostgresProblem } from '../../src/services/postgres-problem.ts'
import { readPostgresTarget, type SslMode } from '../../src/services/postgres-target.ts'
import { PASSWORD, POSTGRES_BIN, PostgresServer, removePostgresFolders } from './postgres-server.ts'

const keys = mkdtempSync(join(tmpdir(), 'mnp-pgtls-'))
function certificate(name: string, subject: string, days: number): string {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', join(keys, `${name}.key`), '-out', join(keys, `${name}.crt`), '-days', String(days), '-subj', `/CN=${subject}`, '-addext', `subjectAltName=DNS:${subject}`], { stdio: 'ignore' })
  return readFileSync(join(keys, `${name}.crt`), 'utf8')
}

describe.skipIf(POSTGRES_BIN === undefined)('TLS with PostgreSQL (needs PostgreSQL\'s binaries)', () => {
  let server: PostgresServer
  let ca: string
  beforeAll(async () => {
    ca = certificate('server', 'localhost', 30)
    certificate('stranger', 'other.example', 30)
    server = await PostgresServer.create(['ssl = on'])
    const owner = statSync(server.data)
    for (const kind of ['crt', 'key']) {
      copyFileSync(join(keys, `server.${kind}`), join(server.data, `server.${kind}`))
      chmodSync(join(server.data, `server.${kind}`), 0o600)
      chownSync(join(server.data, `server.${kind}`), owner.uid, owner.gid)
    }
    writeFileSync(join(server.data, 'pg_hba.conf'), 'local all all trust\nhostssl all postgres all scram-sha-256\nhostnossl all plain all trust\n')
    await server.start()
    await server.sql('CREATE ROLE plain LOGIN')
  })
  afterAll(async () => {
    await server.stop()
    removePostgresFolders()
    rmSync(keys, { recursive: true })
  })
  const open = async (sslMode: SslMode, pem: string | undefined, host = 'localhost', user = 'postgres'): Promise<boolean | PostgresProblem> => {
    const target = readPostgresTarget({ host, port: server.port, user, password: PASSWORD, database: 'postgres' }, { PGSSLMODE: sslMode })
    return openPostgres(target, { ca: pem }, AbortSignal.timeout(5_000)).then(async (session) => {
      await session.ask('SELECT 1')
      session.close()
      return session.isTls
    }, (error: unknown) => error as PostgresProblem)
  }

  it('is used where the server wants it, and not where it is not wanted', async () => {
    expect(await open('prefer', undefined)).toBe(true)
    expect(await open('prefer', undefined, 'localhost', 'plain')).toBe(false)
    expect(await open('require', undefined)).toBe(true)
    expect(await open('disable', undefined)).toMatchObject({ kind: 'not-allowed', message: expect.stringContaining('no encryption') })
    expect(await open('require', undefined, 'localhost', 'plain')).toMatchObject({ kind: 'not-allowed' })
  })

  it('looks at the certificate where it is told to, and at the name in it', async () => {
    expect(await open('verify-ca', ca, '127.0.0.1')).toBe(true)
    expect(await open('verify-full', ca)).toBe(true)
    expect(await open('verify-full', ca, '127.0.0.1')).toMatchObject({ kind: 'tls', message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') })
    expect(await open('verify-ca', readFileSync(join(keys, 'stranger.crt'), 'utf8'))).toMatchObject({ kind: 'tls', message: expect.stringContaining('SELF_SIGNED') })
    expect(await open('verify-full', undefined)).toMatchObject({ kind: 'tls' })
  })
})
