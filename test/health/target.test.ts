import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { healthSchema } from '../../src/health-schema/schema.ts'
import { readTarget } from '../../src/health/target.ts'
import { UserError } from '../../src/model/error.ts'

function mistake(text: string): UserError {
  try {
    readTarget(text)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`${text} was taken`)
}

describe('a check in one word', () => {
  it.each([
    ['http://host:8080/health?a=1', { type: 'http', url: 'http://host:8080/health?a=1' }],
    ['HTTPS://host', { type: 'http', url: 'HTTPS://host' }],
    ['https://me:p%40ss@host/x', { type: 'http', url: 'https://host/x', user: 'me', password: 'p@ss' }],
    ['https://token@host/', { type: 'http', url: 'https://host/', user: 'token' }],
    ['http://[::1]:80/', { type: 'http', url: 'http://[::1]:80/' }],
    ['postgres://me:s%3Acret@db:5433/app?sslmode=require', { type: 'postgres', url: 'postgres://me@db:5433/app?sslmode=require', password: 's:cret' }],
    ['postgresql://db/app?password=pw', { type: 'postgres', url: 'postgresql://db/app', password: 'pw' }],
    ['postgresql:///app?host=/var/run/postgresql', { type: 'postgres', url: 'postgresql:///app?host=/var/run/postgresql' }],
    ['redis://:secret@cache:6379/0', { type: 'redis', url: 'redis://cache:6379/0', password: 'secret' }],
    ['rediss://cache', { type: 'redis', url: 'rediss://cache' }],
    ['dns:example.com', { type: 'dns', host: 'example.com' }],
    ['dns:example.com@9.9.9.9:5353', { type: 'dns', host: 'example.com', server: '9.9.9.9:5353' }],
    ['dns:example.com@[2620:fe::fe]:53', { type: 'dns', host: 'example.com', server: '[2620:fe::fe]:53' }],
    ['tls:example.com', { type: 'tls', host: 'example.com' }],
    ['tls:[fe80::1%eth0]:8443', { type: 'tls', host: 'fe80::1%eth0', port: 8443 }],
    ['tcp:db:5432', { type: 'connectivity', target: 'db:5432' }],
    ['tcp:[::1]:5432', { type: 'connectivity', target: '[::1]:5432' }],
    ['disk:/data', { type: 'disk', path: '/data' }],
    ['process:nginx', { type: 'process', process: 'nginx' }],
    ['systemd:ssh.service', { type: 'systemd', unit: 'ssh.service' }],
    ['plex:http://plex.local:32400', { type: 'plex', url: 'http://plex.local:32400' }],
    ['plex:http://plex.local:32400/?X-Plex-Token=abc', { type: 'plex', url: 'http://plex.local:32400/', token: 'abc' }],
    ['overseerr:http://seerr:5055', { type: 'overseerr', url: 'http://seerr:5055' }],
    ['instance:http://nas:4000', { type: 'instance', url: 'http://nas:4000' }],
    ['store:/var/lib/perf.db', { type: 'store', path: '/var/lib/perf.db' }],
    ['clock:time.cloudflare.com', { type: 'clock', server: 'time.cloudflare.com' }],
    ['clock', { type: 'clock' }],
    [' disk ', { type: 'disk' }],
    ['tmdb', { type: 'tmdb' }],
    ['redis', { type: 'redis' }],
  ])('%s', (text, config) => {
    expect(readTarget(text)).toEqual(config)
    expect(healthSchema.safeParse({ checks: [config] }).success).toBe(true)
  })

  it.each([
    ['dsik', 'did you mean disk?'],
    ['memroy', 'did you mean memory?'],
    ['htps://host', 'did you mean https://host/path?'],
    ['porcess:x', 'did you mean process:name?'],
    ['clok', 'did you mean clock? known are disk,'],
    ['memory,disk', 'a check for each: --check memory --check disk'],
    ['memory, disk:/x', 'a check for each: --check memory --check disk:/x'],
    ['nonsense', 'addresses of http, postgres and redis; and what begins with dns: tls: tcp:'],
    ['', 'known are'],
    ['constructor:x', 'known are'],
    ['process', 'write it like process:name'],
    ['disk:', 'write it like disk:/path'],
    ['tcp:host', 'write it like tcp:host:port'],
    ['tcp:host:99999', 'write it like tcp:host:port'],
    ['tcp:::1:5432', 'write it like tcp:host:port'],
    ['dns:a b', 'write it like dns:host@server'],
    ['dns:example.com@', 'write it like dns:host@server'],
    ['http:host', 'write it like http://host/path'],
    ['plex:host', 'write it like plex:http://host:32400'],
    ['redis:x', 'write it like redis://host:6379'],
  ])('%j is none', (text, hint) => {
    const error = mistake(text)
    expect([error.code, error.kind]).toEqual(['INVALID_CHECK', 'usage'])
    expect(error.hint).toContain(hint)
  })

  it.each(['postgres://me:hunter2@db:x/app', 'postgres:me:hunter2@db', 'pstgres://me:hunter2@db/app', 'http://me:hunter2@', 'redis://:hunt%zzer2@x', 'overseerr:http://u:hunter2@h', 'plex:http://u:hunter2@h', 'plx:http://h/?X-Plex-Token=hunter2', 'me:hunter2@db', 'memory,x:me:hunter2@db'])('does not repeat the password of %s', (text) => {
    const { message, hint } = mistake(text)
    expect(`${message} ${hint}`).not.toMatch(/hunt/)
  })

  it('reads whatever it is given, or says that it is no check', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.tuple(fc.constantFrom('http:', 'postgres:', 'dns:', 'tls:', 'tcp:', 'plex:'), fc.string({ unit: fc.constantFrom(...'ab:@/[]%?#1. ') })).map((parts) => parts.join(''))), (text) => {
        try {
          expect(healthSchema.safeParse({ checks: [readTarget(text)] }).success).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(UserError)
        }
      }),
      { numRuns: 300 },
    )
  })
})
