import { lookup } from 'node:dns'
import { isIP } from 'node:net'

/** The IP addresses of one host, asked for once; connections take turns over those that answer. */
export interface Addresses {
  /** Whether the name has been resolved. */
  readonly known: boolean
  readonly count: number
  /** How many of them are in turn now. */
  readonly choices: number
  /** Resolves the name; calls back with the error, if any, and never before it returns. */
  resolve(done: (error: Error | null) => void): void
  next(): string
  /** Takes an address out of turn that did not accept a connection; once all are out, all are in again. Returns whether others are left. */
  leaveOut(address: string): boolean
}

/** The addresses of a host name or IP address. */
export function createAddresses(host: string): Addresses {
  let all: readonly string[] = isIP(host) === 0 ? [] : [host]
  let inTurn = all
  let turn = 0
  return {
    get known() {
      return all.length > 0
    },
    get count() {
      return all.length
    },
    get choices() {
      return inTurn.length
    },
    resolve(done) {
      lookup(host, { all: true }, (error, found) => {
        if (error === null) all = inTurn = found.map(({ address }) => address)
        done(error)
      })
    },
    next() {
      return inTurn[turn++ % inTurn.length] ?? host
    },
    leaveOut(address) {
      const others = inTurn.filter((other) => other !== address)
      const left = others.length > 0
      inTurn = left ? others : all
      return left
    },
  }
}
