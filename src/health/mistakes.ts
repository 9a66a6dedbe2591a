import type { CheckConfig } from '../health-schema/schema.ts'
import { UserError, type Position } from '../model/error.ts'
import type { CheckType } from '../model/health.ts'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { readPostgresTarget } from '../services/postgres-target.ts'
import { impossible } from './configure-errors.ts'
import { readLevels } from './levels.ts'
import { readRedisUrl } from '../services/redis-address.ts'
import { readHostPort, readUrl } from './web-address.ts'
import { readCommand } from './words.ts'

/** Where a value of a check stands. */
type Place = (...key: (string | number)[]) => Position | undefined
type Key = readonly (string | number)[]
type ConfigOfType<T extends CheckType> = Extract<CheckConfig, { readonly type: T }>

/** A value that is read before anything is run: its key, and what throws UserError where it makes no sense. */
interface Reading {
  readonly key: Key
  readonly read: () => unknown
}

const DNS_PORT = 53
const NTP_PORT = 123

/** What is read of each type. */
const READINGS: { readonly [T in CheckType]?: (config: ConfigOfType<T>) => readonly Reading[] } = {
  http: ({ url }) => [webAddress(url)],
  plex: ({ url }) => [webAddress(url)],
  overseerr: ({ url }) => [webAddress(url)],
  tmdb: ({ url }) => (url === undefined ? [] : [webAddress(url)]),
  instance: ({ url }) => [webAddress(url)],
  tls: ({ host }) => [hostAlone(host, 'port')],
  dns: ({ host, server }) => [hostAlone(host, 'server'), ...each('server', server, (text) => readHostPort(text, DNS_PORT))],
  clock: ({ server }) => each('server', server, (text) => readHostPort(text, NTP_PORT)),
  connectivity: ({ target }) => each('target', target, (text) => readHostPort(text)),
  command: ({ command }) => [{ key: ['command'], read: () => readCommand(command) }],
  // Who asks is told by the environment where the configuration does not say it.
  postgres: ({ url }) => (typeof url === 'string' ? [{ key: ['url'], read: () => readPostgresTarget({ url, user: 'anybody' }, {}) }] : []),
  redis: ({ url }) => (typeof url === 'string' ? [{ key: ['url'], read: () => readRedisUrl(url) }] : []),
}

function each(key: string, given: string | readonly string[] | undefined, read: (text: string) => unknown): readonly Reading[] {
  if (given === undefined || typeof given === 'string') return given === undefined ? [] : [{ key: [key], read: () => read(given) }]
  return given.map((text, index) => ({ key: [key, index], read: () => read(text) }))
}

function webAddress(url: string): Reading {
  return { key: ['url'], read: () => readUrl(url) }
}

/** A name or address and nothing beside it; `other` is the key that the rest of it may belong to. */
function hostAlone(host: string, other: 'port' | 'server'): Reading {
  const refuse = (hint: string): UserError => impossible(`"${plain(host.replace(/\/\/[^/]*@/, '//***@').replace(/[?#].*/s, ''), 200)}" is not a host alone`, hint, undefined)
  return {
    key: ['host'],
    read: () => {
      const [, bare = '', port] = /^(?:[a-z][a-z\d+.-]*:\/\/)?(?:[^/@]*@)?(\[[^\]]*\]|[^\s:/]*)(?::(\d+))?/i.exec(host) ?? []
      const isAddress = /^[\da-f]*:[\da-f]*:[\da-f:.]*(%[\w.-]+)?$/i.test(host)
      if (isAddress || /^[^\s:/@[\]]+$/.test(host)) return
      const name = bare.replace(/^\[(.*)\]$/, '$1')
      const alone = name === '' ? 'write the name alone' : `write host: ${plain(name, 100)}`
      throw refuse(port === undefined || other === 'server' ? alone : `${alone}, and port: ${port} on its own`)
    },
  }
}

/** Throws UserError with its place for what reads well and cannot be meant: it would be told as an outage. `isFlag`: it came from a flag. */
export function refuseMistakes(config: CheckConfig, { timeoutMs, place, isFlag }: { /** For one try. */ readonly timeoutMs: number; readonly place: Place; readonly isFlag: boolean }): void {
  // The table has for each type what reads its configuration; the compiler cannot follow that through a union.
  const readings = (READINGS[config.type] as ((config: CheckConfig) => readonly Reading[]) | undefined)?.(config) ?? []
  for (const { key, read } of readings) {
    try {
      read()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      const { code, message, hint } = error
      throw new UserError({ code, message, hint, kind: isFlag ? 'usage' : 'input', where: place(...key) })
    }
  }
  if ('responseTime' in config) refuseOutOfReach(config.responseTime, timeoutMs, place)
}

function refuseOutOfReach(given: Extract<CheckConfig, { readonly type: 'http' }>['responseTime'], timeoutMs: number, place: Place): void {
  for (const [key, level] of Object.entries(readLevels(given, 'ms')) as ['warning' | 'critical', number | undefined][]) { // the keys are those of levels
    if (level !== undefined && level >= timeoutMs) throw impossible(`the ${key} level of ${showDuration(level)} can never be reached: the check has ${showDuration(timeoutMs)}`, 'lower it, or give the check more time (timeout); a bare number counts seconds', place('responseTime', key))
  }
}
