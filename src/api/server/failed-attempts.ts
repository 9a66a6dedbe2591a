import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'

/** Guesses of tokens by address. */
export interface FailedAttempts {
  /** Seconds until this address may show a token again; 0 where it may. */
  waitOf(address: string): number
  /** Counts a token that is not known. The same one again is a program that was not told of a new token, and no guess. */
  note(address: string, token: string): void
}

const WINDOW_MS = 60_000
/** Different tokens within the window. */
const MOST_GUESSES = 10
const MOST_ADDRESSES = 10_000

interface Attempts {
  readonly since: number
  readonly seen: Set<string>
}

/** Remembers guesses of the last minute; `now` is monotonic, milliseconds. */
export function createFailedAttempts(now: () => number, { windowMs = WINDOW_MS, most = MOST_GUESSES }: { readonly windowMs?: number; readonly most?: number } = {}): FailedAttempts {
  const byNetwork = new Map<string, Attempts>()
  const current = (network: string): Attempts | undefined => {
    const attempts = byNetwork.get(network)
    if (attempts === undefined || now() - attempts.since < windowMs) return attempts
    byNetwork.delete(network)
    return undefined
  }
  return {
    waitOf(address) {
      const attempts = current(networkOf(address))
      return attempts === undefined || attempts.seen.size < most ? 0 : Math.max(1, Math.ceil((attempts.since + windowMs - now()) / 1_000))
    },
    note(address, token) {
      const network = networkOf(address)
      const attempts = current(network) ?? { since: now(), seen: new Set() }
      if (attempts.seen.size < most) attempts.seen.add(createHash('sha256').update(token).digest('base64').slice(0, 16))
      byNetwork.set(network, attempts)
      if (byNetwork.size <= MOST_ADDRESSES) return
      const [oldest] = byNetwork.keys()
      if (oldest !== undefined) byNetwork.delete(oldest)
    },
  }
}

/** An address, or of IPv6 the /64 that one customer has all of. */
export function networkOf(address: string): string {
  if (address.startsWith('::ffff:')) return address.slice('::ffff:'.length)
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const groups = head.split(':').filter((each) => each !== '')
  const rest = tail?.split(':').filter((each) => each !== '') ?? []
  const all = tail === undefined ? groups : [...groups, ...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest]
  return `${all.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}
