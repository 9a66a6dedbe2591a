import * as net from 'node:net'
import * as tls from 'node:tls'
import type { Origin } from '../exchange.ts'
import { decodeBody } from './decoding.ts'
import { abortedAtEnd, type ConnectionStage, faultError, noResponseInTime, socketError, type TransportError } from './errors.ts'
import { createResponseParser, endResponse, expectResponse, readResponse, type ResponseParser } from './parser.ts'
import type { Transfer } from './transfer.ts'

/** What all connections of a client have in common. */
export interface WireWorld {
  readonly now: () => number
  readonly keepAlive: boolean
  readonly maxHeaderBytes: number
  readonly maxBodyBytes: number
  readonly tls: { readonly insecure: boolean; readonly serverName: string | undefined; context(): tls.SecureContext }
  /** The one buffer all sockets read into: it holds the bytes of one read until its callback returns. */
  readonly buffer: Buffer
  watchDeadline(deadline: number): void
  /** Requests on connections now, and connections opened so far. */
  readonly counts: { inFlight: number; opened: number }
}

/** Who a connection reports to. */
export interface ConnectionOwner {
  readonly origin: Origin
  /** `host:port` for messages. */
  readonly where: string
  session: Buffer | undefined
  opened(connection: Connection): void
  /** The connection could not be opened. */
  failed(connection: Connection, error: TransportError): void
  /** Its response is whole and it can take another request. */
  freed(connection: Connection): void
  /** It was idle and is no longer of use. */
  spoiled(connection: Connection): void
  /** The server had closed it before it saw the request, which may be sent again. */
  stale(transfer: Transfer): void
  /** The socket is gone. */
  closed(connection: Connection): void
}

/** A connection to an origin: one request in flight at a time. */
export class Connection {
  readonly startedAt: number
  connectMs = 0
  tlsMs = 0
  stage: ConnectionStage | 'closed' = 'connecting'
  transfer: Transfer | null = null
  private served = 0
  private readonly socket: net.Socket
  private readonly parser: ResponseParser

  constructor(
    private readonly world: WireWorld,
    private readonly owner: ConnectionOwner,
    readonly address: string,
    /** Addresses tried for this place in the pool, this one included. */
    readonly tries: number,
    /** When the attempt to open it is given up. */
    readonly deadline: number,
  ) {
    this.startedAt = world.now()
    this.parser = createResponseParser(world)
    const onread = { buffer: world.buffer, callback: (count: number) => this.read(count) }
    const to = { host: address, port: owner.origin.port, onread, autoSelectFamily: false }
    this.socket = owner.origin.tls ? this.openTls(to) : net.connect(to)
    this.socket.setNoDelay(true)
    this.socket.on('connect', () => this.connected())
    this.socket.on('error', (error) => this.broken(error))
    this.socket.on('end', () => this.ended())
    this.socket.on('close', () => {
      this.ended()
      owner.closed(this)
    })
  }

  /** Sends a request; its response's deadline counts from now. */
  start(transfer: Transfer): void {
    const { world, parser } = this
    const { request, options } = transfer
    this.transfer = transfer
    world.counts.inFlight++
    expectResponse(parser, options.head, options.keepBody)
    transfer.bytesSent = request.length
    const at = world.now()
    transfer.sentAt = at
    transfer.deadline = at + options.timeoutMs
    world.watchDeadline(transfer.deadline)
    if (typeof request === 'string') this.socket.write(request, 'latin1')
    else this.socket.write(request)
  }

  /** Ends the request that is on it for want of time. */
  expire(at: number): void {
    const { transfer, owner } = this
    if (transfer === null) return this.destroy()
    this.breakOff(transfer, noResponseInTime(owner.where, transfer.options.timeoutMs, transfer.bytesReceived), at)
  }

  /** Ends the request that is on it, if any, because the client closes. */
  abort(at: number): void {
    if (this.transfer === null) this.destroy()
    else this.breakOff(this.transfer, abortedAtEnd(this.owner.where), at)
  }

  /** Closes the socket; the owner hears of it by `closed`. */
  destroy(): void {
    this.stage = 'closed'
    this.socket.destroy()
  }

  private openTls(to: object): tls.TLSSocket {
    const { world, owner } = this
    const { host } = owner.origin
    const servername = world.tls.serverName ?? (net.isIP(host) === 0 ? host : '')
    const socket = tls.connect({
      ...to,
      servername,
      secureContext: world.tls.context(),
      rejectUnauthorized: !world.tls.insecure,
      ALPNProtocols: ['http/1.1'],
      ...(owner.session === undefined ? {} : { session: owner.session }),
    })
    socket.on('secureConnect', () => {
      this.tlsMs = world.now() - this.startedAt - this.connectMs
      this.ready()
    })
    // Resumed sessions skip the check of the name, so only sessions of verified connections are kept.
    socket.on('session', (session) => {
      if (world.tls.insecure || socket.authorized) owner.session = session
    })
    return socket
  }

  private connected(): void {
    if (this.stage === 'closed') return
    this.connectMs = this.world.now() - this.startedAt
    if (this.owner.origin.tls) this.stage = 'handshake'
    else this.ready()
  }

  private ready(): void {
    if (this.stage === 'closed') return
    this.stage = 'open'
    this.world.counts.opened++
    this.owner.opened(this)
  }

  private read(count: number): boolean {
    const { transfer, parser, world } = this
    if (this.stage === 'closed') return true
    if (transfer === null) {
      // Bytes nobody asked for would be taken for the next response.
      this.destroy()
      this.owner.spoiled(this)
      return true
    }
    const at = world.now()
    if (transfer.bytesReceived === 0) transfer.firstByteAt = at
    const used = readResponse(parser, world.buffer, count)
    transfer.bytesReceived += parser.fault === null ? used : count
    if (parser.fault !== null) this.breakOff(transfer, this.explainFault(), at)
    else if (parser.part === 'complete') this.complete(transfer, at, used === count)
    return true
  }

  private complete(transfer: Transfer, at: number, clean: boolean): void {
    const { parser, owner } = this
    transfer.endAt = at
    transfer.status = parser.status
    transfer.headText = parser.headText
    if (transfer.options.keepBody) {
      const { body } = parser
      const whole = body.length === 1 && body[0] !== undefined ? body[0] : Buffer.concat(body)
      const decoded = decodeBody(whole, parser.headText, parser.maxBodyBytes, owner.where)
      if (!Buffer.isBuffer(decoded)) {
        // Framing was right, so the connection is good.
        this.release(clean)
        transfer.fail(decoded, at)
        return
      }
      transfer.body = decoded
    }
    this.release(clean)
    transfer.settle()
  }

  /** The connection's own state is settled before anyone is called back. */
  private release(clean: boolean): void {
    this.transfer = null
    this.served++
    this.world.counts.inFlight--
    // A response that came before the whole request was sent leaves the rest of the request in the way.
    const reusable = clean && this.parser.reusable && this.world.keepAlive && this.socket.writableLength === 0
    if (reusable) this.owner.freed(this)
    else this.destroy()
  }

  private breakOff(transfer: Transfer, error: TransportError, at: number): void {
    this.transfer = null
    this.world.counts.inFlight--
    this.destroy()
    transfer.fail(error, at)
  }

  private broken(error: Error): void {
    const { transfer, stage, owner } = this
    if (stage === 'closed') return
    const cause = socketError(owner.where, stage, error)
    if (stage !== 'open') {
      this.destroy()
      owner.failed(this, cause)
    } else if (transfer === null) {
      this.destroy()
      owner.spoiled(this)
    } else if (!this.resend(transfer)) {
      this.breakOff(transfer, cause, this.world.now())
    }
  }

  private ended(): void {
    const { transfer, parser, stage, owner, world } = this
    if (stage === 'closed') return
    if (stage !== 'open') return this.broken(Object.assign(new Error('the server closed it'), { code: 'ECONNRESET' }))
    if (transfer === null) {
      this.destroy()
      owner.spoiled(this)
      return
    }
    if (this.resend(transfer)) return
    const at = world.now()
    endResponse(parser)
    if (parser.fault === null) this.complete(transfer, at, false)
    else this.breakOff(transfer, this.explainFault(), at)
  }

  /** RFC 9110 9.2.2: a kept-alive connection that closes without a byte has most likely crossed with the request. */
  private resend(transfer: Transfer): boolean {
    if (this.served === 0 || transfer.bytesReceived > 0 || transfer.resent || !transfer.options.idempotent) return false
    this.transfer = null
    this.world.counts.inFlight--
    transfer.resent = true
    this.destroy()
    this.owner.stale(transfer)
    return true
  }

  private explainFault(): TransportError {
    const { parser, owner, transfer } = this
    const fault = parser.fault ?? 'truncated'
    const details: Partial<Record<typeof fault, string>> = {
      'head-too-large': String(parser.maxHeaderBytes),
      'body-too-large': String(parser.maxBodyBytes),
      truncated: howFar(parser, transfer?.bytesReceived ?? 0),
    }
    return faultError(owner.where, fault, details[fault] ?? '')
  }
}

function howFar(parser: ResponseParser, bytesReceived: number): string {
  if (bytesReceived === 0) return 'without an answer'
  if (parser.part === 'head') return 'in the middle of the response head'
  const whole = parser.part === 'fixed' ? ` of ${parser.contentLength}` : ''
  return `in the middle of the body (${parser.bodyBytes}${whole} bytes came)`
}
