/** One HTTP exchange on a connection of its own, so that every phase is measured. */
export interface HttpRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Certificates in PEM that are trusted besides the system's. */
  readonly ca?: string | undefined
  /** Takes any certificate. */
  readonly insecure?: boolean | undefined
  /** Most of a body that is kept; the rest is not read. */
  readonly maxBodyBytes: number
  readonly signal: AbortSignal
}

/** Times of the phases, milliseconds, each its own duration; null where there was none. `total` is from the beginning to the last byte. */
export interface HttpPhases {
  readonly dns: number | null
  readonly tcp: number | null
  readonly tls: number | null
  /** From the request sent to the first byte of the answer. */
  readonly firstByte: number | null
  readonly total: number
}

/** What came back. Untrusted. */
export interface HttpAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether there was more of it than was kept. */
  readonly isCut: boolean
  readonly phases: HttpPhases
  readonly address: string | null
  /** When the certificate of the chain that ends first does, milliseconds since 1970; null without TLS. */
  readonly certificateEndsAt: number | null
}

/** Why there was no answer. */
export type HttpProblemKind = 'no-name' | 'refused' | 'unreachable' | 'no-answer' | 'reset' | 'certificate' | 'tls' | 'not-http'

/** No answer; `phase` is how far it got. The message is for people, one line, made safe. */
export class HttpProblem extends Error {
  readonly kind: HttpProblemKind
  readonly phase: keyof HttpPhases
  readonly hint: string | undefined

  constructor(kind: HttpProblemKind, phase: keyof HttpPhases, message: string, hint?: string) {
    super(message)
    this.name = 'HttpProblem'
    this.kind = kind
    this.phase = phase
    this.hint = hint
  }
}

/** Sends a request and reads the answer; no redirect is followed. Throws `HttpProblem`; `no-answer` where the signal ended it. */
export function sendHttp(request: HttpRequest): Promise<HttpAnswer> {
  return Promise.reject(new Error(`not built yet: ${request.url.href}`))
}
