import { describe, expect, test } from 'vitest'
import { ask, at, closedPort, GET, listenRaw, listenScript, OK, openClient, pause } from './loopback.ts'

const OPTIONS = { head: false, idempotent: true, keepBody: false, timeoutMs: 5_000 }

describe('connections', () => {
  test('never exceed the limit, and requests beyond it wait in order', async () => {
    let open = 0
    let most = 0
    const port = await listenRaw((socket) => {
      most = Math.max(most, ++open)
      socket.on('close', () => open--)
      socket.on('data', () => setTimeout(() => socket.write(OK), 5))
    })
    const client = openClient({ maxConnections: 3 })
    const order: number[] = []
    await Promise.all(Array.from({ length: 30 }, (_, i) => ask(client, at(port)).then(() => order.push(i))))

    expect(most).toBe(3)
    expect(client.opened).toBe(3)
    expect(order).toEqual([...order.keys()])
  })

  test('are opened a few at a time', async () => {
    let accepted = 0
    const port = await listenRaw(() => accepted++)
    const client = openClient({ maxConnecting: 3 })
    // A TLS handshake that nobody answers is a connection that stays on its way.
    const exchanges = Array.from({ length: 10 }, () => ask(client, at(port, true), { timeoutMs: 300 }))
    await pause(150)
    expect(accepted).toBe(3)
    for (const { error } of await Promise.all(exchanges)) expect(error).toEqual({ kind: 'timeout', message: `no connection to 127.0.0.1:${port} within 300 ms` })
  })

  test('are as many as the requests that need one', async () => {
    const port = await listenRaw((socket) => socket.on('data', () => setTimeout(() => socket.write(OK), 100)))
    const client = openClient({ maxConnecting: 2 })
    const exchanges = Array.from({ length: 10 }, () => ask(client, at(port)))
    await pause(60)
    expect(client.inFlight).toBe(10)
    await Promise.all(exchanges)
    expect(client.inFlight).toBe(0)
    expect(client.opened).toBe(10)
  })

  test('are not mixed up between origins', async () => {
    const client = openClient()
    const [one, two] = await Promise.all([listenScript('HTTP/1.1 201 A\r\nContent-Length: 0\r\n\r\n'), listenScript('HTTP/1.1 202 B\r\nContent-Length: 0\r\n\r\n')])
    for (let i = 0; i < 3; i++) {
      expect((await ask(client, at(one))).status).toBe(201)
      expect((await ask(client, at(two))).status).toBe(202)
    }
    expect(client.opened).toBe(2)
  })

  test('that are refused fail one request each, whatever the limits', async () => {
    const client = openClient({ maxConnections: 2, maxConnecting: 1 })
    const origin = at(await closedPort())
    const exchanges = await Promise.all(Array.from({ length: 20 }, () => ask(client, origin)))
    expect(exchanges.map(({ error }) => error?.kind)).toEqual(Array(20).fill('refused'))
  })
})

describe('a timeout', () => {
  test('comes in time, for each request its own', async () => {
    const client = openClient()
    const port = await listenRaw(() => {})
    const waits = [300, 100, 200, 50]
    const exchanges = await Promise.all(waits.map((timeoutMs) => ask(client, at(port), { timeoutMs })))
    for (const [i, { error, endAt, sentAt }] of exchanges.entries()) {
      expect(error?.kind).toBe('timeout')
      expect(endAt - sentAt).toBeGreaterThanOrEqual(waits[i] ?? 0)
      expect(endAt - sentAt).toBeLessThan((waits[i] ?? 0) + 250)
    }
  })

  test('also ends the wait for a connection', async () => {
    const client = openClient({ maxConnections: 1 })
    const port = await listenRaw(() => {})
    const first = ask(client, at(port), { timeoutMs: 400 })
    const second = await ask(client, at(port), { timeoutMs: 100 })
    expect(second).toMatchObject({ bytesSent: 0, error: { kind: 'timeout', message: `no connection to 127.0.0.1:${port} within 100 ms` } })
    expect((await first).error?.message).toBe(`no response from 127.0.0.1:${port} within 400 ms`)
  })

  test('does not wrong a response that came while the event loop was busy', async () => {
    const port = await listenRaw((socket) => socket.once('data', () => setTimeout(() => (socket.write(OK), block(200)), 30)))
    expect(await ask(openClient(), at(port), { timeoutMs: 100 })).toMatchObject({ status: 200, error: null })
  })

  test('lets the requests behind go on', async () => {
    let connections = 0
    const port = await listenRaw((socket) => ++connections > 1 && socket.on('data', () => socket.write(OK)))
    const client = openClient({ maxConnections: 1 })
    const first = ask(client, at(port), { timeoutMs: 100 })
    const second = ask(client, at(port), { timeoutMs: 5_000 })
    expect((await first).error?.kind).toBe('timeout')
    expect(await second).toMatchObject({ status: 200, error: null })
  })
})

function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

describe('the callback', () => {
  test('is never called before send returns', async () => {
    const client = openClient()
    const [good, bad] = [at(await listenScript(OK)), at(await closedPort())]
    await ask(client, good)
    let returned = false
    const early: boolean[] = []
    const sent = [good, good, bad].map((origin) => new Promise<void>((resolve) => client.send(origin, GET, OPTIONS, () => (early.push(!returned), resolve()))))
    returned = true
    await Promise.all(sent)
    await client.close()
    returned = false
    const late = new Promise<void>((resolve) => client.send(good, GET, OPTIONS, () => (early.push(!returned), resolve())))
    returned = true
    await late
    expect(early).toEqual([false, false, false, false])
  })

  test('may send the next request', async () => {
    const client = openClient()
    const origin = at(await listenScript(OK))
    const statuses: number[] = []
    await new Promise<void>((resolve) => {
      const next = (): void =>
        client.send(origin, GET, OPTIONS, ({ status }) => {
          if (statuses.push(status) === 100) resolve()
          else next()
        })
      next()
    })
    expect(statuses).toEqual(Array(100).fill(200))
    expect(client.opened).toBe(1)
  })

  test('may throw: it surfaces, and the client goes on', async () => {
    const client = openClient({ maxConnections: 1 })
    const origin = at(await listenScript(OK))
    const surfaced = catchUncaught()
    client.send(origin, GET, OPTIONS, () => {
      throw new Error('a bug of the caller')
    })
    expect(await ask(client, origin)).toMatchObject({ status: 200 })
    expect(await surfaced).toMatchObject({ message: 'a bug of the caller' })
    expect(client.inFlight).toBe(0)
    expect(client.opened).toBe(1)
  })
})

/** The next uncaught exception, kept from the test runner. */
function catchUncaught(): Promise<unknown> {
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  return new Promise((resolve) =>
    process.once('uncaughtException', (error) => {
      for (const other of others) process.on('uncaughtException', other)
      resolve(error)
    }),
  )
}

describe('closing', () => {
  test('breaks off what is under way and what waits, once each, and closes every socket', async () => {
    let open = 0
    const port = await listenRaw((socket) => (open++, socket.on('close', () => open--).resume()))
    const client = openClient({ maxConnections: 2 })
    let calls = 0
    const exchanges = Array.from({ length: 5 }, () => ask(client, at(port)).finally(() => calls++))
    await pause(50)
    expect([client.inFlight, open]).toEqual([2, 2])

    await client.close()
    for (const { error } of await Promise.all(exchanges)) expect(error?.kind).toBe('aborted')
    await pause(20)
    expect([calls, client.inFlight, open]).toEqual([5, 0, 0])
  })

  test('also while a name is being resolved or a connection opened', async () => {
    const client = openClient()
    const exchange = ask(client, at(await listenScript(OK), false, 'localhost'))
    await client.close()
    await client.close()
    expect((await exchange).error?.kind).toBe('aborted')
    expect((await ask(client, at(1))).error?.kind).toBe('aborted')
  })
})
