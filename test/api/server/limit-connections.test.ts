import { EventEmitter } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { limitConnections } from '../../../src/api/server/limit-connections.ts'

class Visitor extends EventEmitter {
  readonly remoteAddress: string
  isRefused = false

  constructor(remoteAddress: string) {
    super()
    this.remoteAddress = remoteAddress
  }

  destroy(): void {
    this.isRefused = true
    this.emit('close')
  }
}

function door(trusted: readonly string[] = []): (address: string) => Visitor {
  const server = createServer()
  limitConnections(server, { most: 2, trusted })
  return (address) => {
    const visitor = new Visitor(address)
    server.emit('connection', visitor)
    return visitor
  }
}

const refusals = (visit: (address: string) => Visitor, ...addresses: readonly string[]): boolean[] => addresses.map((address) => visit(address).isRefused)

it('one address takes no more than its places, and the others have theirs', () => {
  expect(refusals(door(), '192.0.2.1', '192.0.2.1', '192.0.2.1', '::ffff:192.0.2.1', '192.0.2.2')).toEqual([false, false, true, true, false])
})

it('all of a /64 are one', () => {
  expect(refusals(door(), '2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1')).toEqual([false, false, true, false])
})

it('a place that was left is free again, and those who were refused have left none', () => {
  const visit = door()
  const [first] = [visit('192.0.2.1'), visit('192.0.2.1')]
  expect(refusals(visit, '192.0.2.1', '192.0.2.1')).toEqual([true, true])
  first?.emit('close')
  expect(refusals(visit, '192.0.2.1', '192.0.2.1')).toEqual([false, true])
})

it('this machine, and proxies that are trusted, speak for many', () => {
  expect(refusals(door(['192.0.2.0/24', '2001:db8::5']), ...Array<string>(4).fill('192.0.2.9'), ...Array<string>(4).fill('127.0.0.1'), ...Array<string>(4).fill('2001:db8::5'), '::1', '::1', '::1')).not.toContain(true)
})
