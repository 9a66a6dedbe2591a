/** What a watcher is told: that a run has begun, that all is well, that it is not. */
export type PingKind = 'start' | 'success' | 'fail'

/** One message to a watcher. */
export interface PingMessage {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly body?: string | undefined
}

/** How a service wants to be told. */
interface PingService {
  knows(url: URL): boolean
  /** Null where it has no word for it. */
  message(url: URL, kind: PingKind, body: string): PingMessage | null
}

/** What healthchecks.io keeps of a body. */
const MOST_BODY_BYTES = 100_000
/** What goes into an address. */
const MOST_TEXT = 500

const withQuery = (url: URL, query: Readonly<Record<string, string>>): URL => {
  const next = new URL(url)
  for (const [name, value] of Object.entries(query)) next.searchParams.set(name, value)
  return next
}

/** Services by what their addresses look like; the last takes all others. */
const SERVICES: readonly PingService[] = [
  {
    // Uptime Kuma, monitor type "Push": /api/push/TOKEN?status=up&msg=OK&ping=
    knows: ({ pathname }) => /\/api\/push\/[^/]+\/?$/.test(pathname),
    message: (url, kind, body) => (kind === 'start' ? null : { method: 'GET', url: withQuery(url, { status: kind === 'success' ? 'up' : 'down', msg: firstLine(body) || (kind === 'success' ? 'OK' : 'failed') }) }),
  },
  {
    // Cronitor, telemetry API: https://cronitor.link/p/KEY/MONITOR?state=run|complete|fail&message=
    knows: ({ hostname }) => /(^|\.)cronitor\.(link|io)$/.test(hostname),
    message: (url, kind, body) => ({ method: 'GET', url: withQuery(url, { state: { start: 'run', success: 'complete', fail: 'fail' }[kind], ...(firstLine(body) === '' ? {} : { message: firstLine(body) }) }) }),
  },
  {
    // healthchecks.io and what speaks its protocol: URL/start, URL, URL/fail. Source: healthchecks.io/docs/http_api
    knows: () => true,
    message: (url, kind, body) => {
      const next = new URL(url)
      if (kind !== 'success') next.pathname = `${next.pathname.replace(/\/$/, '')}/${kind}`
      return { method: 'POST', url: next, body: cut(body) }
    },
  },
]

/** The message of a kind in the words of the service whose address it is; null where that service has none for it. */
export function pingMessage(url: URL, kind: PingKind, body: string): PingMessage | null {
  return SERVICES.find((service) => service.knows(url))?.message(url, kind, body) ?? null
}

function firstLine(text: string): string {
  return (text.trim().split(/\r?\n/, 1)[0] ?? '').slice(0, MOST_TEXT)
}

/** At most 100 kB, and no half character at the end. */
function cut(text: string): string {
  const bytes = Buffer.from(text)
  return bytes.length <= MOST_BODY_BYTES ? text : new TextDecoder().decode(bytes.subarray(0, MOST_BODY_BYTES), { stream: true })
}
