import { fork, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Space } from './space.ts'

/** What a file system answered: its space; that it is broken; that it may not be asked; that there is no such path; nothing in time; or that there was nobody to ask it. */
export type Answer = Space | 'broken' | 'refused' | 'absent' | 'silent' | 'unasked'

/** What our own worker writes. */
type Message = { readonly ready: true } | { readonly id: number; readonly space?: Space; readonly error?: string }

const WORKER = fileURLToPath(new URL('./statfs.worker.mjs', import.meta.url))
/** A busy machine may take its time to start a process; that says nothing of the file systems. */
const START_MS = 15_000
/** The server is away, or a FUSE program has ended. */
const BROKEN = new Set(['ENOTCONN', 'ESTALE', 'EIO', 'EHOSTDOWN', 'EHOSTUNREACH', 'ETIMEDOUT', 'ECONNABORTED', 'ENODEV'])
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

/** What an error of statfs(2) says. */
export function answerOf(code: string): 'broken' | 'absent' | 'refused' | 'unasked' {
  return BROKEN.has(code) ? 'broken' : ABSENT.has(code) ? 'absent' : code === 'EACCES' || code === 'EPERM' ? 'refused' : 'unasked'
}

/** Asks file systems for their space in a process of its own, which is killed, and left, when one of them does not answer. */
export class Asker {
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #child: ChildProcess | undefined
  #isReady = false
  #whenReady: () => void = () => undefined
  #lastId = 0
  #lingering = 0

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env
  }

  /** Whether a process that was killed has not ended yet: what it waits for still hangs. */
  get lingers(): boolean { return this.#lingering > 0 }

  /** The answers by mount point, or any path. `deadlineMs` counts from when the process is up, for which it has `startMs`; one that is not is an answer `unasked`. Never rejects. */
  async ask(mountpoints: readonly string[], deadlineMs: number, startMs = START_MS): Promise<ReadonlyMap<string, Answer>> {
    const answers = new Map<string, Answer>()
    if (mountpoints.length === 0) return answers
    const child = (this.#child ??= this.#tryStart())
    if (child === undefined) return new Map(mountpoints.map((mountpoint) => [mountpoint, 'unasked']))
    let late = setTimeout(() => this.#giveUp('unasked'), startMs)
    const begin = (): void => {
      clearTimeout(late)
      late = setTimeout(() => this.#giveUp('silent'), deadlineMs)
    }
    if (this.#isReady) begin()
    else this.#whenReady = begin
    await Promise.all(mountpoints.map(async (mountpoint) => answers.set(mountpoint, await this.#askOne(child, mountpoint))))
    clearTimeout(late)
    return answers
  }

  close(): void {
    this.#giveUp('unasked')
  }

  #askOne(child: ChildProcess, mountpoint: string): Promise<Answer> {
    return new Promise((answer) => {
      const id = ++this.#lastId
      this.#waiting.set(id, answer)
      child.stdin?.write(`${JSON.stringify({ id, mountpoint })}\n`)
    })
  }

  /** A system that is out of processes, descriptors or memory says so in one of two ways: at once, or by an event. */
  #tryStart(): ChildProcess | undefined {
    try {
      return this.#start()
    } catch {
      return undefined
    }
  }

  #start(): ChildProcess {
    // Each one that hangs holds a thread.
    const child = fork(WORKER, [], { stdio: ['pipe', 'pipe', 'ignore', 'ipc'], execArgv: [], env: { ...this.#env, NODE_OPTIONS: '', UV_THREADPOOL_SIZE: '64' } })
    const gone = (): void => {
      if (this.#child === child) this.#finish('unasked')
    }
    child.once('error', gone).once('exit', gone)
    // The channel is there because `fork` wants one; the child ends with its standard input. One that could not be started has none.
    if (child.connected) child.disconnect()
    child.stdin?.on('error', gone)
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#hear(JSON.parse(line) as Message))
    // Neither the child nor its pipes keep the program from ending; that they are sockets the types do not say.
    child.unref()
    for (const pipe of [child.stdin, child.stdout]) (pipe as { unref?(): void } | null)?.unref?.()
    return child
  }

  #hear(message: Message): void {
    if ('ready' in message) {
      this.#isReady = true
      this.#whenReady()
      return
    }
    const { id, space, error = '' } = message
    this.#waiting.get(id)?.(space ?? answerOf(error))
    this.#waiting.delete(id)
  }

  #giveUp(answer: Answer): void {
    const child = this.#child
    this.#finish(answer)
    if (child?.exitCode !== null) return
    this.#lingering++
    child.once('exit', () => this.#lingering--)
    child.kill('SIGKILL')
    child.stdin?.destroy()
    child.stdout?.destroy()
  }

  /** Answers for all that is still asked, and takes another child next time. */
  #finish(answer: Answer): void {
    this.#child = undefined
    this.#isReady = false
    for (const each of this.#waiting.values()) each(answer)
    this.#waiting.clear()
  }
}
