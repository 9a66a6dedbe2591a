/** Why no response arrived. */
export type TransportErrorKind =
  | 'refused' // connection refused
  | 'reset' // the connection broke before the response was whole
  | 'timeout' // no whole response in time (connecting included)
  | 'dns' // the name does not resolve
  | 'tls' // handshake or certificate
  | 'protocol' // what came is not HTTP/1.1
  | 'too-large' // header block or body above the limit
  | 'unreachable' // no route, no free port, too many open files
  | 'off-limits' // it leads to another origin than the only one that may be asked
  | 'aborted' // broken off by us at the end of the run

/** A request's way over the wire, and what came back. Times are milliseconds on the run's monotonic clock. */
export interface Exchange {
  /** 0 when no response arrived. */
  readonly status: number
  readonly error: { readonly kind: TransportErrorKind; readonly message: string } | null
  /** First value of a header by lower-case name. */
  header(name: string): string | undefined
  /** Every value of a header by lower-case name. */
  headers(name: string): readonly string[]
  /** Decoded (gzip, deflate, br) body; null unless the request asked to keep it. */
  readonly body: Buffer | null
  readonly bytesSent: number
  /** Head and body as they came over the wire. */
  readonly bytesReceived: number
  /** When the request was handed to an open connection. */
  readonly sentAt: number
  /** When the first byte of the response came; equals `endAt` when none did. */
  readonly firstByteAt: number
  readonly endAt: number
  /** Time to open the connection and of its TLS handshake, when this request had to wait for a new one; else 0. */
  readonly connectMs: number
  readonly tlsMs: number
}

/** What came back of a request that never left. */
export const NO_EXCHANGE: Exchange = {
  status: 0, error: null, header: () => undefined, headers: () => [], body: null, bytesSent: 0, bytesReceived: 0, sentAt: 0, firstByteAt: 0, endAt: 0, connectMs: 0, tlsMs: 0,
}

/** Scheme, host and port: what a connection is opened to. */
export interface Origin {
  readonly tls: boolean
  /** As in a URL, without brackets. */
  readonly host: string
  readonly port: number
  /** `host:port` as the Host header carries it (no default port, IPv6 in brackets). */
  readonly authority: string
}

export interface SendOptions {
  /** A HEAD response has no body whatever its headers say. */
  readonly head: boolean
  /** Whether a request that found its kept-alive connection closed may be sent once more (RFC 9110 9.2.2). */
  readonly idempotent: boolean
  readonly keepBody: boolean
  readonly timeoutMs: number
}

/** Sends requests and times them; never throws for what a server does. */
export interface WireClient {
  /** `request` is the whole request, head and body; a string holds only bytes (latin1). Calls back exactly once, never before it returns. */
  send(origin: Origin, request: Buffer | string, options: SendOptions, done: (exchange: Exchange) => void): void
  /** Requests that are on a connection now. */
  readonly inFlight: number
  /** Connections opened so far. */
  readonly opened: number
  /** Breaks off what is under way (`aborted`) and closes every connection. */
  close(): Promise<void>
}
