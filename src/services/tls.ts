import { isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect, rootCertificates, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { codeOf, NetworkProblem, showEndpoint, type Patience } from './problem.ts'
import { connectTcp, type TcpConnection } from './tcp.ts'

/** One certificate of a chain; texts are untrusted. */
export interface Certificate {
  readonly subject: string
  readonly issuer: string
  /** Milliseconds since 1970. */
  readonly validFrom: number
  readonly validTo: number
  readonly isSelfSigned: boolean
  /** It has ended and nothing depends on it: a leftover beside a chain that is trusted without it. */
  readonly isStale: boolean
}

/** What a handshake showed. */
export interface Handshake {
  readonly socket: TLSSocket
  readonly protocol: string
  readonly cipher: string
  /** From the server's own to the root, as far as it is known. */
  readonly chain: readonly Certificate[]
  /** OpenSSL's word for what is wrong with the chain (`CERT_HAS_EXPIRED`); null where it is trusted. */
  readonly distrust: string | null
  /** The names the certificate is for, where the one asked for is not among them. */
  readonly otherNames: string | null
  readonly tlsMs: number
}

/** With whom hands are shaken. */
export interface TlsRequest {
  readonly host: string
  readonly port: number
  readonly patience: Patience
  /** The name that is asked for and must be in the certificate, where it is not the host. */
  readonly serverName?: string | undefined
  /** Certificates in PEM that are trusted besides the usual. */
  readonly ca?: string | undefined
  readonly protocols?: readonly string[] | undefined
}

const LONGEST_CHAIN = 10

/** Shakes hands over a connection that stands, whatever the certificate: it is judged afterwards, so that all that is wrong with it can be said. Throws `NetworkProblem`; then the socket is closed. */
export function shakeHands(connection: Pick<TcpConnection, 'socket' | 'tcpMs'>, request: TlsRequest): Promise<Handshake> {
  const { ca, protocols, patience: { signal } } = request
  const name = (request.serverName ?? request.host).replace(/^\[|\]$/g, '')
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const socket = connect({
      socket: connection.socket,
      ...(isIP(name) ? {} : { servername: name }),
      ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
      ...(protocols === undefined ? {} : { ALPNProtocols: [...protocols] }),
      rejectUnauthorized: false,
    })
    const settle = (): void => {
      signal.removeEventListener('abort', giveUp)
      socket.removeListener('close', closed)
    }
    const closed = (): void => fail(handshakeProblem(request, new Error('closed')))
    const fail = (problem: NetworkProblem): void => {
      settle()
      close(socket, connection.socket)
      reject(problem)
    }
    const giveUp = (): void => fail(new NetworkProblem('no-answer', 'tls', `${endpoint(request)} accepted the connection in ${showDuration(connection.tcpMs)}, then there was no TLS handshake within ${showDuration(request.patience.timeoutMs)}`, 'see whether the service is overloaded or stuck, and whether it speaks TLS on this port'))
    socket.on('error', (error) => fail(handshakeProblem(request, error)))
    socket.once('close', closed)
    socket.once('secureConnect', () => {
      settle()
      resolve({
        socket, tlsMs: performance.now() - started,
        protocol: socket.getProtocol() ?? '', cipher: socket.getCipher()?.name ?? '',
        ...judgeChain(socket, name),
      })
    })
    signal.addEventListener('abort', giveUp, { once: true })
    if (signal.aborted) giveUp()
  })
}

function close(...sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.destroy()
}

function judgeChain(socket: TLSSocket, name: string): Pick<Handshake, 'chain' | 'distrust' | 'otherNames'> {
  const certificate = socket.getPeerCertificate()
  const isOther = Object.keys(certificate).length > 0 && checkServerIdentity(name, certificate) !== undefined
  // Node types it as an Error and gives the code as text.
  const code = socket.authorizationError as unknown
  const distrust = socket.authorized || code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? null : String(code)
  return { chain: chainOf(socket.getPeerCertificate(true), distrust === null), distrust, otherNames: isOther ? names(certificate) : null }
}

function names({ subjectaltname, subject }: { readonly subjectaltname?: string | undefined; readonly subject?: { readonly CN?: string | readonly string[] } | undefined }): string {
  const listed = (subjectaltname ?? '').split(', ').map((each) => each.replace(/^(DNS|IP Address|URI):/, '')).filter(Boolean)
  const shown = listed.slice(0, 4).join(', ') + (listed.length > 4 ? ` and ${listed.length - 4} more` : '')
  return plain(shown || [subject?.CN ?? 'no name'].flat().join(', '), 200)
}

function chainOf(first: DetailedPeerCertificate, isTrusted: boolean): Certificate[] {
  const chain: Certificate[] = []
  const seen = new Set<string>()
  let next: DetailedPeerCertificate | undefined = first
  while (next !== undefined && Object.keys(next).length > 0 && chain.length < LONGEST_CHAIN && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256)
    const subject = nameOf(next.subject)
    const issuer = nameOf(next.issuer)
    const validTo = Date.parse(next.valid_to)
    // OpenSSL trusts no way through a certificate that has ended, so there is another one.
    const isStale = isTrusted && chain.length > 0 && validTo <= Date.now()
    chain.push({ subject, issuer, validFrom: Date.parse(next.valid_from), validTo, isStale, isSelfSigned: JSON.stringify(next.subject) === JSON.stringify(next.issuer) })
    // Missing where the server did not send it, whatever its type says.
    next = next.issuerCertificate
  }
  return chain
}

function nameOf(name: Readonly<Record<string, string | readonly string[] | undefined>> | undefined): string {
  const { CN, O, OU } = name ?? {}
  return plain([CN ?? O ?? OU ?? 'without a name'].flat().join(', '), 100)
}

/** The certificate of the chain that ends first, of those that count; undefined where the chain is empty. */
export function firstToEnd(chain: readonly Certificate[]): Certificate | undefined {
  return chain.filter(({ isStale }) => !isStale).reduce<Certificate | undefined>((first, each) => (first === undefined || each.validTo < first.validTo ? each : first), undefined)
}

/** Milliseconds since 1970 as a day: `2026-11-21`. */
export function showDay(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : 'no known day'
}

/** What OpenSSL's codes mean (X509_STORE_CTX_get_error(3)); those that need a name or a day are in `trouble`. */
const DISTRUST: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an authority nobody here trusts',
  UNABLE_TO_GET_ISSUER_CERT: 'is signed by an authority nobody here knows',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an authority nobody here knows, or the server does not send the certificates between',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is signed by an authority nobody here knows, or the server does not send the certificates between',
  CERT_REVOKED: 'has been revoked',
  CERT_UNTRUSTED: 'is not trusted for this use',
  CERT_REJECTED: 'is marked as rejected',
  INVALID_CA: 'is signed by one that is no authority',
  INVALID_PURPOSE: 'is not meant for a server',
  PATH_LENGTH_EXCEEDED: 'has a longer chain than its authority allows',
  CERT_CHAIN_TOO_LONG: 'has too long a chain',
  CERT_SIGNATURE_FAILURE: 'has a signature that is wrong',
}

/** Something that is wrong with a certificate. */
export interface CertificateTrouble {
  readonly kind: 'expired' | 'early' | 'self-signed' | 'distrusted' | 'other-name'
  /** Goes on after "the certificate of HOST". */
  readonly text: string
  readonly hint: string
}

/** All that is wrong with the certificate of a handshake; nothing where it is trusted and for the right name. */
export function certificateTroubles({ distrust, otherNames, chain }: Pick<Handshake, 'distrust' | 'otherNames' | 'chain'>, name: string): CertificateTrouble[] {
  const troubles: CertificateTrouble[] = []
  const [own] = chain
  if (distrust === 'CERT_HAS_EXPIRED') {
    const ended = firstToEnd(chain)
    const isOwn = ended === own
    troubles.push({ kind: 'expired', text: isOwn ? `expired on ${showDay(own?.validTo ?? Number.NaN)}` : `hangs on that of ${ended?.subject ?? 'an authority'}, which expired on ${showDay(ended?.validTo ?? Number.NaN)}`, hint: isOwn ? 'renew it, see why it was not renewed by itself, and reload the server' : 'let the server send the renewed chain' })
  } else if (distrust === 'CERT_NOT_YET_VALID') {
    const early = Math.max(...chain.map(({ validFrom }) => validFrom))
    troubles.push({ kind: 'early', text: `is not valid before ${showDay(early)}`, hint: 'check the clocks of this machine and of the one that made it' })
  } else if (distrust !== null) {
    const isSelfSigned = distrust === 'DEPTH_ZERO_SELF_SIGNED_CERT'
    const by = isSelfSigned || own === undefined ? '' : ` (${own.issuer})`
    troubles.push({ kind: isSelfSigned ? 'self-signed' : 'distrusted', text: `${DISTRUST[distrust] ?? `cannot be trusted (${plain(distrust, 80)})`}${by}`, hint: isSelfSigned ? 'get one from an authority, or name its file with ca' : 'let the server send the whole chain, or name the file of the authority with ca (the system\'s are often in /etc/ssl/certs/ca-certificates.crt)' })
  }
  if (otherNames !== null) troubles.push({ kind: 'other-name', text: `is for ${otherNames}, not for ${plain(name, 253)}`, hint: 'ask for it by a name it has, or get one with this name' })
  return troubles
}

// What OpenSSL says when the other side does not speak TLS at all.
const NOT_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE|INVALID_RECORD|HTTP_REQUEST/

function handshakeProblem(request: TlsRequest, error: unknown): NetworkProblem {
  const code = codeOf(error)
  const where = endpoint(request)
  if (NOT_TLS.test(code)) return new NetworkProblem('tls', 'tls', `${where} answers, but does not speak TLS`, 'use http:// for a plain port, or the port where it speaks TLS')
  if (/NO_PROTOCOLS_AVAILABLE|PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code)) return new NetworkProblem('tls', 'tls', `${where} speaks only versions of TLS that are no longer safe`, 'let the server speak TLS 1.2 or 1.3')
  if (/HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHER/.test(code)) return new NetworkProblem('tls', 'tls', `${where} and this program have no cipher in common, or it wants a certificate from us (handshake failure)`, 'see what the server\'s log says of it')
  if (/CERTIFICATE_REQUIRED/.test(code)) return new NetworkProblem('tls', 'tls', `${where} wants a certificate from us`, 'this check has none to show')
  if (/UNRECOGNIZED_NAME/.test(code)) return new NetworkProblem('tls', 'tls', `${where} has no certificate for the name ${plain(request.serverName ?? request.host, 253)}`, 'check the name, and the server\'s configuration')
  if (code === '' || /ECONNRESET|EPIPE|UNEXPECTED_EOF/.test(code)) return new NetworkProblem('tls', 'tls', `${where} closed the connection during the TLS handshake`, 'see whether it speaks TLS on this port, and what its log says')
  if (/DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|BAD_SIGNATURE|WEAK/.test(code)) return new NetworkProblem('tls', 'tls', `${where} uses keys that are too weak to be accepted (${plain(code, 80)})`, 'renew its keys with a present-day size')
  return new NetworkProblem('tls', 'tls', `the TLS handshake with ${where} failed (${plain(code, 80)})`, 'see what the server\'s log says of it')
}

function endpoint({ host, port }: TlsRequest): string {
  return plain(showEndpoint(host, port), 260)
}

/** Connects and shakes hands. Throws `NetworkProblem`. */
export async function connectTls(request: TlsRequest): Promise<Handshake & Pick<TcpConnection, 'address' | 'dnsMs' | 'tcpMs'>> {
  const connection = await connectTcp(request)
  const handshake = await shakeHands(connection, request)
  return { ...handshake, address: connection.address, dnsMs: connection.dnsMs, tcpMs: connection.tcpMs }
}
