import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { isIP } from 'node:net'
import { plain } from '../model/text.ts'
import { lookUp } from './dns.ts'
import { NetworkProblem, patienceUntil } from './problem.ts'

/** What a time server says: by how much this machine's clock is behind it (negative: ahead), and how long it took to ask, milliseconds. */
export interface NtpAnswer {
  readonly offsetMs: number
  /** The offset is off by no more than half of it. */
  readonly delayMs: number
  /** 1 for a server with a clock of its own. */
  readonly stratum: number
}

/** No answer that could be used. The message is for people, one line, made safe. */
export class NtpProblem extends Error {
  readonly kind: 'no-answer' | 'unreachable' | 'refused' | 'not-ntp'

  constructor(kind: NtpProblem['kind'], message: string) {
    super(message)
    this.name = 'NtpProblem'
    this.kind = kind
  }
}

export interface NtpQuestion {
  readonly host: string
  readonly port: number
  /** Milliseconds since 1970. */
  readonly wallMs: () => number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

const PACKET_BYTES = 48
/** From 1900, where NTP counts from, to 1970. */
const ERA_SECONDS = 2_208_988_800
const FRACTIONS = 2 ** 32
/** Version 4, mode 3 (client). */
const REQUEST = 0x23
const SERVER = 4
const NOT_SYNCHRONIZED = 3
const WORST_STRATUM = 15

/** A datagram may be lost: it is asked again after these milliseconds. */
const ASK_AT_MS = [0, 1_000, 2_500]

/**
 * Asks a time server once (SNTP, RFC 5905 section 14) until the signal ends it. The time it was asked is a random number to the server, so that nobody who did not
 * see the question can answer it (RFC 5905 section 8, draft-ietf-ntp-data-minimization); answers to anything else are ignored. Throws `NtpProblem`.
 */
export function askNtp({ host, port, wallMs, now }: NtpQuestion, signal: AbortSignal): Promise<NtpAnswer> {
  const name = `${plain(host, 100)}${port === 123 ? '' : `:${port}`}`
  return new Promise((resolve, reject) => {
    const timers: NodeJS.Timeout[] = []
    const sent = new Map<string, { readonly wall: number; readonly at: number }>()
    let socket: Socket | undefined
    let isStranger = false
    let isDone = false
    const end = (settle: () => void): void => {
      if (isDone) return
      isDone = true
      timers.forEach(clearTimeout)
      signal.removeEventListener('abort', tooLate)
      socket?.close()
      settle()
    }
    const fail = (kind: NtpProblem['kind'], message: string): void => end(() => reject(new NtpProblem(kind, message)))
    const tooLate = (): void => fail('no-answer', socket === undefined ? `${name} has no address: no name server answers` : isStranger ? `${name} answered, but not what it was asked` : `${name} did not answer`)
    const ask = (): void => {
      const nonce = randomBytes(8)
      const packet = Buffer.alloc(PACKET_BYTES)
      packet[0] = REQUEST
      nonce.copy(packet, 40)
      sent.set(nonce.toString('hex'), { wall: wallMs(), at: now() })
      socket?.send(packet)
    }
    const hear = (packet: Buffer): void => {
      const at = now()
      const question = packet.length >= PACKET_BYTES ? sent.get(packet.toString('hex', 24, 32)) : undefined
      if (packet.length < PACKET_BYTES) return fail('not-ntp', `${name} answered with ${packet.length} bytes that are no NTP`)
      if (question === undefined || ((packet[0] ?? 0) & 7) !== SERVER) {
        isStranger = true
        return
      }
      const stratum = packet[1] ?? 0
      if (stratum === 0) return fail('refused', `${name} refuses to tell the time (${plain(packet.toString('latin1', 12, 16).replaceAll('\0', ''), 4) || 'no reason given'})`)
      const [received, answered] = [timestamp(packet, 32, question.wall), timestamp(packet, 40, question.wall)]
      if ((packet[0] ?? 0) >> 6 === NOT_SYNCHRONIZED || stratum > WORST_STRATUM || received === null || answered === null) return fail('refused', `${name} does not know the time itself`)
      // The time it took is told by the monotonic clock: the other may be set just now.
      const elapsed = at - question.at
      end(() => resolve({ offsetMs: (received - question.wall + (answered - (question.wall + elapsed))) / 2, delayMs: Math.max(0, elapsed - (answered - received)), stratum }))
    }
    if (signal.aborted) return tooLate()
    signal.addEventListener('abort', tooLate)
    const cannot = (error: NodeJS.ErrnoException): void => fail('unreachable', `${name} ${REASONS[error.code ?? ''] ?? `cannot be asked (${plain(error.message, 100)})`}`)
    const open = (address: string): void => {
      if (isDone) return
      socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4')
      socket.on('message', hear).on('error', cannot)
      // A connected socket takes nobody else's answers and hears of a port that is closed.
      const begin = (failed?: NodeJS.ErrnoException): void => {
        if (failed) return cannot(failed)
        if (!isDone) timers.push(...ASK_AT_MS.map((wait) => setTimeout(ask, wait)))
      }
      socket.connect(port, address, begin)
    }
    lookUp(host, patienceUntil(signal)).then(
      ({ addresses }) => open(addresses[0] ?? ''),
      (error: unknown) => (error instanceof NetworkProblem ? fail(error.kind === 'no-answer' ? 'no-answer' : 'unreachable', error.message) : cannot(error as Error)),
    )
  })
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'has no time server (port closed)', EHOSTUNREACH: 'cannot be reached', ENETUNREACH: 'cannot be reached: no route',
}

/** Milliseconds since 1970, null for the zero that stands for "not known". The seconds begin anew in 2036: the era that is nearest to our own clock is meant. */
function timestamp(packet: Buffer, at: number, wallMs: number): number | null {
  const [seconds, fraction] = [packet.readUInt32BE(at), packet.readUInt32BE(at + 4)]
  if (seconds === 0 && fraction === 0) return null
  const time = (seconds - ERA_SECONDS + fraction / FRACTIONS) * 1_000
  return time + Math.round((wallMs - time) / (FRACTIONS * 1_000)) * FRACTIONS * 1_000
}
