import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'

/** Records of a zone: `'nas.example A': ['10.0.0.1']`. */
export type Zone = Readonly<Record<string, readonly string[]>>

/** How a name server of a test behaves. */
export type Manner = 'good' | 'silent' | 'garbage' | 'cut' | { readonly code: number } | { readonly silentFor: string } | { readonly deafTimes: number }

export interface NameServer {
  readonly address: string
  /** Questions in the order they came: `nas.example A`. */
  readonly asked: readonly string[]
  close(): void
}

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 2: 'NS', 5: 'CNAME', 15: 'MX', 16: 'TXT', 28: 'AAAA', 33: 'SRV' }

/** A name server on a free loopback port that knows a zone (RFC 1035). */
export async function startNameServer(zone: Zone, manner: Manner = 'good'): Promise<NameServer> {
  const socket: Socket = createSocket('udp4')
  const asked: string[] = []
  let deaf = typeof manner === 'object' && 'deafTimes' in manner ? manner.deafTimes : 0
  socket.on('message', (message, from) => {
    const { name, type, end } = question(message)
    asked.push(`${name} ${type}`)
    if (manner === 'silent' || (typeof manner === 'object' && 'silentFor' in manner && manner.silentFor === type) || deaf-- > 0) return
    socket.send(answer(message.subarray(0, end), zone, name, type, manner), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { address: `127.0.0.1:${socket.address().port}`, asked, close: () => socket.close() }
}

function question(message: Buffer): { readonly name: string; readonly type: string; readonly end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.subarray(at + 1, at + 1 + length).toString('latin1'))
    at += length + 1
  }
  return { name: labels.join('.').toLowerCase(), type: TYPES[message.readUInt16BE(at + 1)] ?? '', end: at + 5 }
}

function answer(asked: Buffer, zone: Zone, name: string, type: string, manner: Manner): Buffer {
  if (manner === 'garbage') return Buffer.concat([asked.subarray(0, 2), Buffer.from([0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 0xff, 0xff, 0xff])])
  const values = zone[`${name} ${type}`] ?? []
  const isThere = Object.keys(zone).some((key) => key.startsWith(`${name} `))
  const code = typeof manner === 'object' && 'code' in manner ? manner.code : isThere ? 0 : 3
  const head = Buffer.from(asked)
  head.writeUInt16BE(0x8180 | code, 2)
  head.writeUInt16BE(code === 0 ? values.length : 0, 6)
  head.writeUInt32BE(0, 8)
  const records = code === 0 ? values.map((value) => record(asked, type, value)) : []
  const whole = Buffer.concat([head, ...records])
  return manner === 'cut' ? whole.subarray(0, whole.length - 3) : whole
}

function record(asked: Buffer, type: string, value: string): Buffer {
  const data = dataOf(type, value)
  const fixed = Buffer.alloc(12)
  fixed.writeUInt16BE(0xc00c, 0)
  asked.copy(fixed, 2, asked.length - 4, asked.length)
  fixed.writeUInt32BE(60, 6)
  fixed.writeUInt16BE(data.length, 10)
  return Buffer.concat([fixed, data])
}

function dataOf(type: string, value: string): Buffer {
  if (type === 'A') return Buffer.from(value.split('.').map(Number))
  if (type === 'AAAA') return Buffer.from(expand(value).flatMap((group) => [group >> 8, group & 255]))
  if (type === 'TXT') return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
  if (type === 'MX') return Buffer.concat([Buffer.from([0, 10]), nameOf(value)])
  return nameOf(value)
}

function expand(address: string): number[] {
  const [left = '', right = ''] = address.split('::')
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)))
  return [...groups(left), ...Array.from({ length: 8 - groups(left).length - groups(right).length }, () => 0), ...groups(right)]
}

function nameOf(name: string): Buffer {
  return Buffer.concat([...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])])
}

/** Whether a connection is made to a port within a time. */
export function connects(port: number, withinMs: number): Promise<boolean> {
  return new Promise((tried) => {
    const socket = connect(port, '127.0.0.1')
    const end = (did: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      tried(did)
    }
    const timer = setTimeout(() => end(false), withinMs)
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}
