import { plain } from '../../model/text.ts'
import type { Exchange, Origin, SendOptions } from '../exchange.ts'
import { createAddresses } from './addresses.ts'
import { Connection, type ConnectionOwner, type WireWorld } from './connection.ts'
import { abortedAtEnd, noConnectionInTime, socketError, type TransportError } from './errors.ts'
import { createQueue } from './queue.ts'
import { Transfer } from './transfer.ts'

/** How many connections a pool may have, and open at once. */
export interface PoolLimits {
  readonly maxConnections: number
  readonly maxConnecting: number
}

/** The connections to one origin, and the requests that wait for one. */
export class OriginPool implements ConnectionOwner {
  readonly where: string
  session: Buffer | undefined
  /** Last in, first out: the rest grow old and may close, the busy ones stay warm. */
  private readonly idle: Connection[] = []
  private readonly waiting = createQueue<Transfer>()
  /** Requests sent again after their connection turned out closed: only new connections serve them. */
  private readonly resends = createQueue<Transfer>()
  /** Every socket that is not yet closed, as the server may count it. */
  private readonly connections = new Set<Connection>()
  private connecting = 0
  /** How long an attempt to connect may take: as long as the requests that wait for it. */
  private connectMs = Infinity
  private resolving = false
  private isClosed = false
  private whenEmpty: (() => void) | null = null
  private readonly addresses

  constructor(
    readonly origin: Origin,
    private readonly world: WireWorld,
    private readonly limits: PoolLimits,
  ) {
    const { host, port } = origin
    this.where = plain(`${host.includes(':') ? `[${host}]` : host}:${port}`)
    this.addresses = createAddresses(host)
  }

  send(request: Buffer | string, options: SendOptions, done: (exchange: Exchange) => void): void {
    const transfer = new Transfer(request, options, done)
    const connection = this.idle.pop()
    if (connection !== undefined) return connection.start(transfer)
    if (this.isClosed) {
      setImmediate(() => transfer.fail(abortedAtEnd(this.where), this.world.now()))
      return
    }
    this.wait(this.waiting, transfer)
  }

  opened(connection: Connection): void {
    this.connecting--
    const transfer = this.resends.shift() ?? this.waiting.shift()
    if (transfer === undefined) {
      this.idle.push(connection)
      return
    }
    transfer.connectMs = connection.connectMs
    transfer.tlsMs = connection.tlsMs
    connection.start(transfer)
    this.dial()
  }

  failed(connection: Connection, error: TransportError): void {
    this.connecting--
    const othersMayAnswer = error.kind === 'refused' || error.kind === 'unreachable' || error.kind === 'timeout'
    if (othersMayAnswer && this.addresses.leaveOut(connection.address) && connection.tries < this.addresses.count) {
      if (this.connect(connection.tries + 1)) return
    }
    const transfer = this.resends.shift() ?? this.waiting.shift()
    transfer?.fail(error, this.world.now())
  }

  freed(connection: Connection): void {
    const transfer = this.waiting.shift()
    if (transfer === undefined) this.idle.push(connection)
    else connection.start(transfer)
  }

  spoiled(connection: Connection): void {
    const index = this.idle.lastIndexOf(connection)
    if (index >= 0) this.idle.splice(index, 1)
  }

  stale(transfer: Transfer): void {
    this.wait(this.resends, transfer)
  }

  closed(connection: Connection): void {
    this.connections.delete(connection)
    if (this.isClosed) this.reportEmpty()
    else this.dial()
  }

  /** Ends what is overdue; returns the earliest deadline that is left. */
  sweep(at: number): number {
    let earliest = Infinity
    for (const queue of [this.resends, this.waiting]) {
      for (const transfer of queue.take((waiting) => isOverdue(waiting.deadline))) {
        transfer.fail(noConnectionInTime(this.where, transfer.options.timeoutMs), at)
      }
    }
    for (const connection of [...this.connections]) {
      if (connection.stage === 'closed') continue
      if (connection.stage !== 'open') {
        if (!isOverdue(connection.deadline)) continue
        this.connecting--
        this.addresses.leaveOut(connection.address)
        connection.expire(at)
      } else if (connection.transfer !== null && isOverdue(connection.transfer.deadline)) connection.expire(at)
    }
    return earliest

    function isOverdue(deadline: number): boolean {
      if (deadline <= at) return true
      if (deadline < earliest) earliest = deadline
      return false
    }
  }

  /** Breaks off what is under way; resolves when every socket is closed. */
  close(): Promise<void> {
    this.isClosed = true
    const at = this.world.now()
    const empty = new Promise<void>((resolve) => (this.whenEmpty = resolve))
    this.idle.length = 0
    for (const connection of [...this.connections]) connection.abort(at)
    this.failWaiting(abortedAtEnd(this.where))
    this.reportEmpty()
    return empty
  }

  private wait(queue: typeof this.waiting, transfer: Transfer): void {
    this.connectMs = transfer.options.timeoutMs
    transfer.deadline = this.world.now() + this.connectMs
    queue.push(transfer)
    this.world.watchDeadline(transfer.deadline)
    this.dial()
  }

  /** Opens connections as long as more requests wait than connections are on their way. */
  private dial(): void {
    if (this.isClosed || this.resolving) return
    const wanted = this.waiting.size + this.resends.size
    if (wanted === 0) return
    if (!this.addresses.known) return this.resolve()
    while (this.connecting < this.limits.maxConnecting && this.connecting < wanted && this.connections.size < this.limits.maxConnections) {
      if (!this.connect(1)) return
    }
  }

  /** Opens one connection; false when Node throws at the address instead of calling back. */
  private connect(tries: number): boolean {
    const { world, addresses } = this
    // Where there are several addresses, one that swallows packets must leave time for the others.
    const deadline = world.now() + this.connectMs / addresses.choices
    try {
      this.connections.add(new Connection(world, this, addresses.next(), tries, deadline))
    } catch (error) {
      const cause = socketError(this.where, 'connecting', error as Error) // Node throws Errors
      setImmediate(() => this.failWaiting(cause))
      return false
    }
    this.connecting++
    world.watchDeadline(deadline)
    return true
  }

  private resolve(): void {
    this.resolving = true
    this.addresses.resolve((error) => {
      this.resolving = false
      if (error === null) this.dial()
      else this.failWaiting(socketError(this.where, 'connecting', error))
    })
  }

  private failWaiting(error: TransportError): void {
    const at = this.world.now()
    for (const queue of [this.resends, this.waiting]) {
      for (const transfer of queue.take(() => true)) transfer.fail(error, at)
    }
  }

  private reportEmpty(): void {
    if (this.connections.size > 0) return
    this.whenEmpty?.()
  }
}
