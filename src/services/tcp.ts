import { connect, type Socket } from 'node:net'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { lookUp } from './dns.ts'
import { codeOf, NetworkProblem, showEndpoint, type NetworkProblemKind, type Patience } from './problem.ts'

/** Where to connect to. */
export interface TcpRequest {
  /** A name or an address. */
  readonly host: string
  readonly port: number
  readonly patience: Patience
}

/** A connection that stands; who asked for it closes it. */
export interface TcpConnection {
  readonly socket: Socket
  readonly address: string
  /** Milliseconds; null where the host was an address. */
  readonly dnsMs: number | null
  /** Milliseconds from the first attempt, whichever of the addresses it was that answered. */
  readonly tcpMs: number
}

/** How long an address may be silent before the next is tried beside it (RFC 8305, 5). */
const ATTEMPT_DELAY_MS = 250
const MOST_ADDRESSES = 8

interface Failure {
  readonly address: string
  readonly code: string
}

/** Connects to the first address of a host that answers (RFC 8305). Throws `NetworkProblem`. */
export async function connectTcp(request: TcpRequest): Promise<TcpConnection> {
  const { addresses, ms } = await lookUp(request.host, request.patience)
  const { socket, address, tcpMs } = await race(addresses.slice(0, MOST_ADDRESSES), request)
  // Between two owners nobody else listens; the next one finds a socket that is destroyed.
  socket.on('error', () => undefined)
  return { socket, address, dnsMs: ms, tcpMs }
}

function race(addresses: readonly string[], request: TcpRequest): Promise<Omit<TcpConnection, 'dnsMs'>> {
  const { port, patience: { signal } } = request
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const open = new Set<Socket>()
    const failures: Failure[] = []
    let next = 0
    let timer: NodeJS.Timeout | undefined
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      for (const socket of open) socket.destroy()
    }
    const giveUp = (): void => {
      settle()
      reject(silence(request, failures))
    }
    const attempt = (): void => {
      clearTimeout(timer)
      const address = addresses[next++] ?? ''
      const socket = connect({ host: address, port, noDelay: true, autoSelectFamily: false })
      open.add(socket)
      socket.once('connect', () => {
        open.delete(socket)
        settle()
        resolve({ socket, address, tcpMs: performance.now() - started })
      })
      socket.on('error', (error) => {
        if (!open.delete(socket)) return
        failures.push({ address, code: codeOf(error) })
        if (next < addresses.length) return attempt()
        if (open.size > 0) return
        settle()
        reject(failure(request, failures))
      })
      if (next < addresses.length) timer = setTimeout(attempt, ATTEMPT_DELAY_MS)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    if (signal.aborted) giveUp()
    else attempt()
  })
}

const REFUSED_HINT = 'nothing listens there: is the service started, and is this its port?'
const SILENCE_HINT = 'see whether the machine is up, whether a firewall drops what comes in, and whether the service still accepts connections'

function silence({ host, port, patience }: TcpRequest, failures: readonly Failure[]): NetworkProblem {
  const others = failures.map(({ address, code }) => `; ${address}: ${words(code).text}`).join('')
  return new NetworkProblem('no-answer', 'tcp', `no answer from ${shown(host, port)} within ${showDuration(patience.timeoutMs)}: the connection was not accepted${others}`, SILENCE_HINT)
}

/** What the codes of connect(2) mean; the first that is found among the addresses speaks for all. */
const WORDS: Readonly<Record<string, { readonly kind: NetworkProblemKind; readonly text: string; readonly hint: string }>> = {
  ECONNREFUSED: { kind: 'refused', text: 'refused the connection', hint: REFUSED_HINT },
  ECONNRESET: { kind: 'reset', text: 'reset the connection while it was made', hint: REFUSED_HINT },
  ETIMEDOUT: { kind: 'no-answer', text: 'did not answer', hint: SILENCE_HINT },
  EHOSTUNREACH: { kind: 'unreachable', text: 'cannot be reached (no route to the host)', hint: 'see whether the machine is up and in the same network' },
  EHOSTDOWN: { kind: 'unreachable', text: 'cannot be reached (the host is down)', hint: 'see whether the machine is up' },
  ENETUNREACH: { kind: 'unreachable', text: 'cannot be reached (no route to its network)', hint: 'see whether this machine is connected: its interfaces, addresses and routes' },
  ENETDOWN: { kind: 'unreachable', text: 'cannot be reached (the network of this machine is down)', hint: 'see whether this machine is connected: its interfaces, addresses and routes' },
  EINVAL: { kind: 'unreachable', text: 'cannot be reached (no address one can connect to)', hint: 'check the address' },
  EACCES: { kind: 'local', text: 'could not be asked: this machine forbids the connection', hint: 'see the firewall of this machine, and what the account may do' },
  EPERM: { kind: 'local', text: 'could not be asked: this machine forbids the connection', hint: 'see the firewall of this machine, and what the account may do' },
  EMFILE: { kind: 'local', text: 'could not be asked: this process has too many files open', hint: 'raise the limit of open files (ulimit -n)' },
  ENFILE: { kind: 'local', text: 'could not be asked: this machine has too many files open', hint: 'see what holds them, or raise fs.file-max' },
  EADDRNOTAVAIL: { kind: 'local', text: 'could not be asked: this machine has no address or port left for it', hint: 'see the connections of this machine (ss -s)' },
}

function words(code: string): (typeof WORDS)[string] {
  return WORDS[code] ?? { kind: 'unreachable', text: `cannot be reached (${plain(code || 'for no known reason', 40)})`, hint: SILENCE_HINT }
}

function failure({ host, port }: TcpRequest, failures: readonly Failure[]): NetworkProblem {
  // A refusal says most: the machine is there. A family this machine does not have says least.
  const telling = failures.find(({ code }) => code === 'ECONNREFUSED') ?? failures.find(({ code }) => code !== 'ENETUNREACH' && code !== 'EADDRNOTAVAIL') ?? failures[0]
  const { kind, text, hint } = words(telling?.code ?? '')
  const address = telling === undefined || telling.address === host.replace(/^\[|\]$/g, '') ? '' : ` (${telling.address})`
  return new NetworkProblem(kind, 'tcp', `${shown(host, port)} ${text}${address}`, hint)
}

function shown(host: string, port: number): string {
  return plain(showEndpoint(host, port), 260)
}
