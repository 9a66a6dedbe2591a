import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLocalPostgres, readPostgresTarget, showPostgresTarget } from '../../src/services/postgres-target.ts'

describe('where PostgreSQL is', () => {
  it('is said by the url first, then by the parts, then by the environment', () => {
    expect(readPostgresTarget({ url: 'postgres://ann:p%40ss@db:6000/media?sslmode=require&schema=public', host: 'other', user: 'bob' }, { PGPORT: '7000' })).toEqual({ host: 'db', port: 6000, user: 'ann', password: 'p@ss', database: 'media', sslMode: 'require', certificates: { ca: undefined, cert: undefined, key: undefined } })
    expect(readPostgresTarget({ url: 'postgres://db', user: 'bob' }, { PGPORT: '7000', PGUSER: 'eve', PGDATABASE: 'x' })).toMatchObject({ host: 'db', port: 7000, user: 'bob', database: 'x', sslMode: 'prefer' })
    expect(readPostgresTarget({ url: 'postgres://a:old@db', password: 'new' }, {})).toMatchObject({ password: 'new' })
    expect(readPostgresTarget({}, { LOGNAME: 'cron' })).toMatchObject({ host: 'localhost', port: 5432, user: 'cron', database: 'cron', password: undefined })
  })

  it('may be the folder of a socket, or an address of IPv6', () => {
    expect(readPostgresTarget({ url: 'postgresql://ann@%2Frun%2Fpostgresql/db' }, {})).toMatchObject({ host: '/run/postgresql', database: 'db' })
    expect(readPostgresTarget({ url: 'postgresql://ann@/db?host=/tmp' }, {})).toMatchObject({ host: '/tmp' })
    expect(readPostgresTarget({ url: 'postgresql://ann@[::1]:5433/db' }, {})).toMatchObject({ host: '::1', port: 5433 })
    expect(showPostgresTarget({ host: '::1', port: 1 })).toBe('[::1]:1')
    expect(showPostgresTarget({ host: '/tmp', port: 1 })).toBe('/tmp (port 1)')
    expect(['/tmp', 'localhost', '127.0.0.9', '::1', '127.example', 'db'].map((host) => isLocalPostgres({ host }))).toEqual([true, true, true, true, false, false])
  })

  it('has its certificate looked at where a root is named, as with libpq', () => {
    expect(readPostgresTarget({ user: 'a' }, { PGSSLMODE: 'require', PGSSLROOTCERT: 'root.crt' })).toMatchObject({ sslMode: 'verify-ca', certificates: { ca: 'root.crt' } })
    expect(readPostgresTarget({ user: 'a' }, { PGSSLMODE: 'verify-full', PGSSLROOTCERT: 'system' })).toMatchObject({ sslMode: 'verify-full', certificates: { ca: undefined } })
  })

  it.each([
    ['mysql://x:secret@db/x', 'BAD_POSTGRES_URL'], ['postgres://a:secret@:99999/x', 'BAD_POSTGRES_URL'], ['postgres://a:secret%zz@db/x', 'BAD_POSTGRES_URL'], ['postgres://a:secret@db/x?sslmode=maybe', 'BAD_POSTGRES_VALUE'], ['postgres://a:secret@db/x?host=one,two', 'BAD_POSTGRES_VALUE'],
  ])('is refused without a word of the password: %s', (url, code) => {
    expect(() => readPostgresTarget({ url }, {})).toThrow(expect.objectContaining({ code, message: expect.not.stringContaining('secret'), hint: expect.not.stringContaining('secret') }) as Error)
  })

  it('needs a user', () => {
    expect(() => readPostgresTarget({}, {})).toThrow(expect.objectContaining({ code: 'NO_POSTGRES_USER' }) as Error)
  })

  it('never breaks on an url', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      try {
        readPostgresTarget({ url: `postgres://${text}` }, { PGUSER: 'a' })
      } catch (error) {
        expect((error as { code?: string }).code).toMatch(/^BAD_POSTGRES/)
      }
    }), { numRuns: 300 })
  })
})
