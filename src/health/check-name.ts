import type { CheckConfig } from '../health-schema/schema.ts'

/** What tells a check from others of its type, in few words and without a secret: a path, a host, a unit; undefined where nothing does. */
export function whatItLooksAt(config: CheckConfig): string | undefined {
  const told = subjectOf(config)
  // The same as is demanded of a name that is written.
  const safe = told?.replace(/[\u0000-\u001f'=|,]+/g, ' ').trim().slice(0, 60)
  return safe === '' ? undefined : safe
}

function subjectOf(config: CheckConfig): string | undefined {
  switch (config.type) {
    case 'disk': return list(config.path)
    case 'network': return list(config.interfaces)
    case 'clock': return config.server
    case 'process': return config.process ?? config.pidFile
    case 'systemd': return list(config.unit)
    case 'store': return config.path
    // Arguments may hold a password.
    case 'command': return list(config.command)?.split(' ')[0]?.split('/').at(-1)
    case 'dns': return config.host
    case 'connectivity': return list(config.target)
    case 'tls': return config.port === undefined ? config.host : `${config.host}:${config.port}`
    case 'http': return hostOf(config.url, true)
    case 'plex': case 'overseerr': case 'instance': return hostOf(config.url, false)
    case 'tmdb': return config.url === undefined ? undefined : hostOf(config.url, false)
    case 'postgres': case 'redis': return typeof config.url === 'string' ? hostOf(config.url, true) : server(config.host, config.port, config.database)
    case 'memory': case 'cpu': case 'load': case 'pressure': case 'swap': case 'files': return undefined
  }
}

function list(texts: string | readonly string[] | undefined): string | undefined {
  return typeof texts === 'string' ? texts : texts?.join(' ')
}

/** Host, port and, where it helps, path of an address; never the user, the password or the query. */
function hostOf(url: string, withPath: boolean): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { host, pathname } = new URL(url)
  return `${host}${withPath && pathname !== '/' ? pathname : ''}`
}

function server(host: string | undefined, port: number | undefined, database: string | number | undefined): string | undefined {
  if (host === undefined) return database === undefined ? undefined : String(database)
  return `${host}${port === undefined ? '' : `:${port}`}${database === undefined ? '' : `/${database}`}`
}
