import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import * as net from 'node:net'
import { connects } from './name-server.ts'

export interface Hole {
  readonly port: number
  /** Whether it swallows what comes; some systems accept more than the queue has room for. */
  readonly isBlack: boolean
  end(): void
}

/** A port whose program is stopped and whose queue is full: what comes in is dropped (listen(2)). */
export async function digHole(): Promise<Hole> {
  const child: ChildProcess = spawn(process.execPath, ['-e', "const s = require('net').createServer(); s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))"], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  const port = Number(said.toString())
  child.kill('SIGSTOP')
  const queue = Array.from({ length: 4 }, () => net.connect(port, '127.0.0.1').on('error', () => undefined))
  await new Promise((wait) => setTimeout(wait, 200))
  const isBlack = !(await connects(port, 300))
  return {
    port, isBlack,
    end: () => {
      queue.forEach((socket) => socket.destroy())
      child.kill('SIGKILL')
    },
  }
}
