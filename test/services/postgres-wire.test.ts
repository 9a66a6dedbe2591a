import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { postgresWire, wholeMessages } from '../../src/services/postgres-wire.ts'

const message = (letter: string, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(5, letter)
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

describe('what a server says', () => {
  it('is cut into whole messages, however it comes', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('R', 'S', 'Z', 'T', 'D', 'C'), fc.uint8Array({ maxLength: 40 })), { maxLength: 8 }), fc.integer({ min: 1, max: 30 }), (told, step) => {
      const messages = [message('R', Buffer.alloc(4)), ...told.map(([letter, body]) => message(letter, body))]
      const all = Buffer.concat(messages)
      const cut = postgresWire()
      const found: Buffer[] = []
      for (let at = 0; at < all.length; at += step) found.push(...(cut(all.subarray(at, at + step)) ?? []))
      expect(found.map((each) => each.toString('hex'))).toEqual(messages.map((each) => each.toString('hex')))
    }))
  })

  it('makes the driver neither throw nor run for ever, whatever it is', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...'RESKZNTDCI12n3stAvGHWdcV?'), fc.uint8Array({ maxLength: 60 })), { minLength: 1, maxLength: 10 }), (told) => {
      const stream = new PassThrough().on('error', () => undefined)
      const driver = new pg.Connection({ stream: new PassThrough() } as object) as unknown as { attachListeners(from: object): void; on(event: string, listener: () => void): void }
      driver.on('error', () => undefined)
      driver.attachListeners(wholeMessages(stream))
      stream.emit('data', Buffer.concat([message('R', Buffer.alloc(4)), ...told.map(([letter, body]) => message(letter, body))]))
      stream.destroy()
    }), { numRuns: 2_000 })
  })

  it('is refused where a message would be larger than anything we ask for', () => {
    expect(postgresWire()(Buffer.from([82, 0x7f, 0xff, 0xff, 0xff]))).toBeNull()
  })
})
