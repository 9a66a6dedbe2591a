// Clients of an instance, in a process of their own: they do as they are told, and tell what they saw.
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { start } from './process.mjs'
import { quantile } from './table.mjs'

/** Starts clients; resolves when all are connected. `ask` sends a word and gives back what they say to it: `tell`, `forget`, `reset`. */
export async function startClients(kind, options) {
  const child = start('client', [process.execPath, new URL(import.meta.url).pathname, kind, JSON.stringify(options)], { stdin: 'pipe' })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2_000)))
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`the clients ended: ${said}`)
    return JSON.parse(value)
  }
  await next()
  return {
    child,
    ask: (word) => {
      child.stdin.write(`${word}\n`)
      return next()
    },
  }
}

const KINDS = { read, deaf, churn, ask, probe }

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const say = (what) => void process.stdout.write(`${JSON.stringify(what)}\n`)
  const words = await KINDS[process.argv[2]](JSON.parse(process.argv[3]))
  say({})
  createInterface({ input: process.stdin }).on('line', (word) => say(words[word]())).on('close', () => process.exit())
}

/** Readers of a stream. */
async function read({ port, path, count, lastEventId }) {
  let events = 0
  let lost = 0
  let gapsMs = []
  let lastId = ''
  let begun = performance.now()
  let allAfterMs = Number.NaN
  let withEvents = 0
  let missing = 0
  const statuses = {}
  const sockets = new Set()
  const one = () => new Promise((done) => {
    let before = Number.NaN
    let number = lastEventId === undefined ? Number.NaN : Number(lastEventId.split('-')[1])
    let rest = ''
    let isFirst = true
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${lastEventId === undefined ? '' : `Last-Event-ID: ${lastEventId}\r\n`}\r\n`))
    sockets.add(socket)
    socket.setEncoding('latin1').on('data', (chunk) => {
      if (isFirst) {
        isFirst = false
        const status = chunk.slice(9, 12)
        statuses[status] = (statuses[status] ?? 0) + 1
        done()
      }
      const parts = (rest + chunk).split('\n\n')
      rest = parts.pop()
      for (const part of parts) {
        const id = /^id: (\S+)$/m.exec(part)?.[1]
        if (id === undefined) continue
        const [now, nth] = [performance.now(), Number(id.split('-')[1])]
        events++
        lastId = id
        // Another kind of stream would have numbers of its own; here all read the same.
        if (!Number.isNaN(number)) missing += Math.abs(nth - number - 1)
        number = nth
        if (Number.isNaN(before) && ++withEvents === count) allAfterMs = now - begun
        if (!Number.isNaN(before)) gapsMs.push(now - before)
        before = now
      }
    })
    socket.on('error', () => undefined).on('close', () => {
      sockets.delete(socket)
      lost++
      done()
    })
  })
  await Promise.all(Array.from({ length: count }, one))
  return {
    forget: () => {
      events = 0
      gapsMs = []
      return {}
    },
    tell: () => ({ events, lost, statuses, lastId, allAfterMs, missing, gapsMs: spreadOf(gapsMs) }),
    reset: () => {
      const open = sockets.size
      for (const socket of sockets) socket.resetAndDestroy()
      return { open, lastId }
    },
  }
}

/** Those that read nothing. */
async function deaf({ port, path, count }) {
  await Promise.all(Array.from({ length: count }, () => new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`, done))
    socket.on('error', () => undefined).pause()
  })))
  return {}
}

/** Readers of a stream that stay for a second or less, and go as they like: half of them with a reset. */
async function churn({ port, path, count }) {
  let gone = 0
  const one = () => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: ${gone % 2 === 0 ? 'other-7' : ''}\r\n\r\n`))
    socket.resume().on('error', () => undefined).on('close', () => {
      gone++
      setTimeout(one, 100)
    })
    setTimeout(() => (gone % 2 === 0 ? socket.resetAndDestroy() : socket.destroy()), 100 + ((gone * 37) % 900))
  }
  for (let nth = 0; nth < count; nth++) one()
  return { tell: () => ({ gone }) }
}

/** Pollers on kept connections; `everyMs` 0 asks again at once. */
async function ask({ port, path, count, everyMs }) {
  let answers = 0
  let refused = 0
  let bytes = 0
  let answersMs = []
  const one = () => new Promise((done, failed) => {
    const words = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    let [wanted, had, asked] = [0, 0, 0]
    const socket = connect(port, '127.0.0.1', () => again())
    const again = () => {
      asked = performance.now()
      socket.write(words)
    }
    socket.setNoDelay(true).on('data', (chunk) => {
      if (wanted === 0) {
        const head = chunk.toString('latin1', 0, 4_000)
        const body = head.indexOf('\r\n\r\n') + 4
        if (!head.startsWith('HTTP/1.1 200')) refused++
        wanted = body + Number(/content-length: (\d+)/i.exec(head)?.[1])
        bytes = wanted - body
      }
      had += chunk.length
      if (had < wanted) return
      answers++
      answersMs.push(performance.now() - asked)
      ;[wanted, had] = [0, 0]
      done()
      if (everyMs === 0) again()
      else setTimeout(again, Math.max(0, everyMs - (performance.now() - asked)))
    })
    socket.once('error', failed)
  })
  await Promise.all(Array.from({ length: count }, async (_, nth) => {
    if (everyMs > 0) await new Promise((wait) => setTimeout(wait, (everyMs / count) * nth))
    await one()
  }))
  return {
    forget: () => {
      answers = 0
      answersMs = []
      return {}
    },
    tell: () => ({ answers, refused, bytes, answersMs: spreadOf(answersMs) }),
  }
}

/** One that asks ten times a second, to see how long everybody waits. */
async function probe(options) {
  return ask({ ...options, count: 1, everyMs: 100 })
}

function spreadOf(values) {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: values.reduce((most, each) => Math.max(most, each), 0) }
}
