/** How far a conversation got: each is also the name of the time it took. */
export type NetworkPhase = 'dns' | 'tcp' | 'tls' | 'firstByte' | 'total'

/** Why there was no answer; `local` where this machine could not even ask. */
export type NetworkProblemKind = 'no-name' | 'refused' | 'unreachable' | 'no-answer' | 'reset' | 'certificate' | 'tls' | 'not-http' | 'local'

/** No answer; `phase` is how far it got. The message is for people, one line, made safe, and names no more of an address than host and port. */
export class NetworkProblem extends Error {
  readonly kind: NetworkProblemKind
  readonly phase: NetworkPhase
  readonly hint: string | undefined

  constructor(kind: NetworkProblemKind, phase: NetworkPhase, message: string, hint?: string) {
    super(message)
    this.name = 'NetworkProblem'
    this.kind = kind
    this.phase = phase
    this.hint = hint
  }
}

/** The time something has: `signal` ends it, `timeoutMs` is what is said of it. Handed on as it is, never copied: what is said may change. */
export interface Patience {
  readonly signal: AbortSignal
  /** Milliseconds. */
  readonly timeoutMs: number
}

/** A patience that ends with a signal; where nobody says how long that is, the time that has passed is said. */
export function patienceUntil(signal: AbortSignal, timeoutMs?: number): Patience {
  const started = performance.now()
  return { signal, get timeoutMs() { return timeoutMs ?? performance.now() - started } }
}

/** The code of an error of Node's or of a library beneath it; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** `host:port`, an IPv6 address in its brackets. */
export function showEndpoint(host: string, port: number): string {
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
}
