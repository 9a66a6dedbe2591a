import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

/** What a module said to one question: what it returned, as JSON; or why there is nothing. */
export type ModuleAnswer =
  | { readonly kind: 'returned'; readonly text: string }
  /** It threw, or returned what cannot be taken. Untrusted. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** It cannot be loaded. Untrusted. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** The thread ended: an error nobody caught, too much memory, process.exit. Untrusted. */
  | { readonly kind: 'ended'; readonly reason: string }
  /** It did not answer in time. */
  | { readonly kind: 'silent' }

/** What our own worker posts. */
type Message = { readonly broken: string } | { readonly id: number; readonly text?: string; readonly failed?: string }

const WORKER = new URL('./module.worker.mjs', import.meta.url)
/** How long a module may take to end what it was told to end, before its thread is ended: less than a source has for its last words (`timed`). */
const GRACE_MS = 150
const MEMORY_MB = 128

/** Runs one module in a thread of its own, which lives from one question to the next unless it hangs or fails; it keeps no program from ending. */
export class ModuleThread {
  readonly #path: string
  readonly #options: unknown
  readonly #env: Readonly<Record<string, string | undefined>>
  #worker: Worker | undefined
  #lastId = 0
  /** What ended the thread while nobody waited for it. */
  #untold: string | undefined
  #settle: ((answer: ModuleAnswer, id?: number) => void) | undefined

  constructor(path: string, options: unknown, env: Readonly<Record<string, string | undefined>>) {
    this.#path = path
    this.#options = options
    this.#env = env
  }

  /** Asks once, and not again before the answer is there; the signal ends it. Never rejects. */
  async ask(signal: AbortSignal): Promise<ModuleAnswer> {
    const untold = this.#untold
    this.#untold = undefined
    if (untold !== undefined) return { kind: 'ended', reason: untold }
    const worker = (this.#worker ??= this.#start())
    const id = ++this.#lastId
    let late: NodeJS.Timeout | undefined
    const giveUp = (): void => {
      worker.postMessage({ id, isOver: true })
      late = setTimeout(() => this.#settle?.({ kind: 'silent' }, id), GRACE_MS)
    }
    const answer = await new Promise<ModuleAnswer>((resolve) => {
      this.#settle = (said, of = id) => of === id && resolve(said)
      signal.addEventListener('abort', giveUp, { once: true })
      worker.postMessage({ id })
      if (signal.aborted) giveUp()
    })
    clearTimeout(late)
    signal.removeEventListener('abort', giveUp)
    this.#settle = undefined
    if (answer.kind === 'silent' || answer.kind === 'broken') await this.close()
    return answer
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(WORKER, {
      workerData: { path: pathToFileURL(this.#path).href, options: this.#options ?? {} }, env: { ...this.#env }, execArgv: [], stdin: false, stdout: true, stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    })
    worker.on('message', (message: Message) => {
      if ('broken' in message) return this.#settle?.({ kind: 'broken', reason: message.broken })
      const { id, text, failed = '' } = message
      this.#settle?.(text === undefined ? { kind: 'failed', reason: failed } : { kind: 'returned', text }, id)
    })
    const ended = (reason: string): void => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      if (this.#settle) this.#settle({ kind: 'ended', reason })
      else this.#untold = reason
    }
    worker.on('error', (error: unknown) => ended(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => ended(`it ended its thread with ${code}`))
    // What it prints is nobody's, and must not be kept.
    worker.stdout.resume()
    worker.stderr.resume()
    worker.unref()
    return worker
  }
}
