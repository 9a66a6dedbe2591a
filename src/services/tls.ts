import { isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect, rootCertificates, type TLSSocket } from 'node:tls'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { chainOf, namesOf, type Judgement } from './certificate.ts'
import { codeOf, NetworkProblem, showEndpoint, type Patience } from './problem.ts'
import { connectTcp, type TcpConnection } from './tcp.ts'

/** What a handshake showed. */
export interface Handshake extends Judgement {
  readonly socket: TLSSocket
  readonly protocol: string
  readonly cipher: string
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

function judgeChain(socket: TLSSocket, name: string): Judgement {
  const certificate = socket.getPeerCertificate()
  const isOther = Object.keys(certificate).length > 0 && checkServerIdentity(name, certificate) !== undefined
  // Node types it as an Error and gives the code as text.
  const code = socket.authorizationError as unknown
  const distrust = socket.authorized || code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? null : String(code)
  return { chain: chainOf(socket.getPeerCertificate(true), distrust === null), distrust, otherNames: isOther ? namesOf(certificate) : null }
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
