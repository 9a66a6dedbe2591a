import { execFile } from 'node:child_process'
import { lookup, Resolver } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { askHostsFile } from './hosts-file.ts'
import { codeOf, NetworkProblem, type Patience } from './problem.ts'

/** The addresses of a host. */
export interface Addresses {
  /** Those to try first in front; at least one. */
  readonly addresses: readonly string[]
  /** Milliseconds; null where the host was an address already. */
  readonly ms: number | null
}

/** What one server is given before the next is asked; it doubles with every round. */
const TRY_MS = 1_500
const TRIES = 3
/** How long the addresses of one family wait for those of the other (RFC 8305, 3). */
const RESOLUTION_DELAY_MS = 50
/** Answers that some other source of names may know better: multicast, search domains, NIS. */
const NOT_IN_DNS = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'ECONNREFUSED', 'ENOTIMP'])

/**
 * The addresses of a host, as a program that connects to it would find them. The hosts file is read and the name servers are asked over sockets of our own
 * (c-ares): `getaddrinfo` holds one of the four threads of the pool until it has given up, so that beside one dead name server every other check would wait.
 * It has the last word where DNS knows nothing (mDNS, search domains), but is never asked when the servers are silent. Throws `NetworkProblem`.
 */
export async function lookUp(host: string, patience: Patience): Promise<Addresses> {
  const name = host.replace(/^\[|\]$/g, '')
  if (isIP(name)) return { addresses: [name], ms: null }
  const started = performance.now()
  const addresses = await find(name, patience)
  return { addresses, ms: performance.now() - started }
}

/** Addresses that are known, as Node's sockets ask for them: for drivers that connect themselves, whose names would go to `getaddrinfo`. */
export function answering(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_name, { all }, callback) => (all === true ? callback(null, known) : callback(null, known[0]?.address ?? '', known[0]?.family))
}

async function find(name: string, patience: Patience): Promise<readonly string[]> {
  const known = await askHostsFile(name)
  if (known.length > 0) return known
  if (/(^|\.)localhost\.?$/i.test(name)) return ['127.0.0.1', '::1']
  if (/\.local\.?$/i.test(name)) return askSystem(name, patience)
  try {
    return await askServers(name, patience)
  } catch (error) {
    if (!NOT_IN_DNS.has(codeOf(error))) throw failure(name, codeOf(error), patience)
    return askSystem(name, patience)
  }
}

/** Throws the error of c-ares; ECANCELLED when the signal ended it. */
async function askServers(name: string, { signal }: Patience): Promise<string[]> {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES })
  const cancel = (): void => resolver.cancel()
  if (signal.aborted) throw Object.assign(new Error('cancelled'), { code: 'ECANCELLED' })
  signal.addEventListener('abort', cancel, { once: true })
  let timer: NodeJS.Timeout | undefined
  try {
    const v4 = resolver.resolve4(name)
    const v6 = resolver.resolve6(name)
    const none = (): string[] => []
    await Promise.any([v4, v6]).catch(() => undefined)
    const late = new Promise<string[]>((resolve) => (timer = setTimeout(resolve, RESOLUTION_DELAY_MS, [])))
    const found = await Promise.all([v6, v4].map((family) => Promise.race([family.catch(none), late])))
    const inOrder = hasGlobalIpv6() ? found.flat() : found.toReversed().flat()
    return inOrder.length > 0 ? inOrder : await v4.catch(async (error: unknown) => (NOT_IN_DNS.has(codeOf(error)) ? v6 : Promise.reject(error as Error)))
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
    resolver.cancel()
  }
}

/**
 * Whatever else this system has for names. A program of its own can be ended: a thread that waits in `getaddrinfo` cannot, and Node does not end before it.
 * Where there is no such program, Node's own way has to do.
 */
async function askSystem(name: string, patience: Patience): Promise<readonly string[]> {
  try {
    const found = await askGetent(name, patience.signal) ?? (await lookup(name, { all: true })).map(({ address }) => address)
    if (found.length > 0) return found
  } catch (error) {
    throw failure(name, patience.signal.aborted ? 'ECANCELLED' : codeOf(error), patience)
  }
  throw failure(name, 'ENOTFOUND', patience)
}

/** The addresses getent(1) tells; undefined where it is not installed. Rejects when the signal ends it. */
function askGetent(name: string, signal: AbortSignal): Promise<string[] | undefined> {
  if (name.startsWith('-')) return Promise.resolve([])
  return new Promise((resolve, reject) => {
    execFile('getent', ['ahosts', name], { signal, killSignal: 'SIGKILL' }, (error, stdout) => {
      if (signal.aborted) return reject(error ?? new Error('ended'))
      if (codeOf(error) === 'ENOENT') return resolve(undefined)
      resolve([...new Set(stdout.split('\n').map((line) => line.split(/\s/)[0] ?? '').filter((address) => isIP(address) !== 0))])
    })
  })
}

// An address of 2000::/3: without one, IPv6 would be tried in vain first.
function hasGlobalIpv6(): boolean {
  return Object.values(networkInterfaces()).some((each) => each?.some(({ family, address, internal }) => family === 'IPv6' && !internal && /^[23]/.test(address)))
}

const SERVERS_HINT = 'see that the name servers of this machine are up and reachable (/etc/resolv.conf)'

function failure(name: string, code: string, { timeoutMs }: Patience): NetworkProblem {
  const shown = plain(name, 253)
  switch (code) {
    case 'ENOTFOUND': case 'ENODATA': case 'EBADNAME': return new NetworkProblem('no-name', 'dns', `there is no host named ${shown}`, 'check its spelling, and that its DNS entry is still there')
    case 'ECANCELLED': return new NetworkProblem('no-answer', 'dns', `the name ${shown} was not resolved within ${showDuration(timeoutMs)}: no name server answers`, SERVERS_HINT)
    case 'ETIMEOUT': case 'EAI_AGAIN': return new NetworkProblem('no-answer', 'dns', `the name ${shown} could not be resolved: no name server answers`, SERVERS_HINT)
    case 'ESERVFAIL': return new NetworkProblem('no-name', 'dns', `the name ${shown} could not be resolved: the name server failed at it (SERVFAIL)`, SERVERS_HINT)
    case 'EREFUSED': return new NetworkProblem('no-name', 'dns', `the name ${shown} could not be resolved: the name server refuses to answer (REFUSED)`, SERVERS_HINT)
    default: return new NetworkProblem('no-name', 'dns', `the name ${shown} could not be resolved (${plain(code || 'for no known reason', 40)})`, SERVERS_HINT)
  }
}
