import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** What a time server does with a question. */
export type Behaviour = (question: Buffer) => Buffer | readonly Buffer[] | null

const ERA_SECONDS = 2_208_988_800

/** Answers as RFC 5905 wants it, ahead of `wallMs` by `offsetMs`. */
export function answering(offsetMs: number, change: (answer: Buffer) => void = () => undefined, wallMs: () => number = Date.now): Behaviour {
  return (question) => {
    const answer = Buffer.alloc(48)
    answer[0] = 0x24
    answer[1] = 2
    question.copy(answer, 24, 40, 48)
    for (const at of [32, 40]) writeTime(answer, at, wallMs() + offsetMs)
    change(answer)
    return answer
  }
}

function writeTime(packet: Buffer, at: number, ms: number): void {
  const seconds = ms / 1_000 + ERA_SECONDS
  packet.writeUInt32BE(Math.floor(seconds) % 2 ** 32, at)
  packet.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), at + 4)
}

/** A time server on a free port of the loopback. */
export async function startTimeServer(behaviour: Behaviour): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    for (const packet of [behaviour(question) ?? []].flat()) socket.send(packet, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, close: () => new Promise((done) => socket.close(() => done())) }
}
