import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { resolve } from 'node:path'

const BIN = resolve(import.meta.dirname, '../../bin/medianest-perf.js')

/** Whether util-linux can open a terminal for us here. */
export const hasTerminals = spawnSync('script', ['-qfec', 'true', '/dev/null']).status === 0

/** The product on a terminal of its own. */
export interface Terminal {
  /** All that reached the terminal so far. */
  output(): string
  /** When each piece of it came, monotonic milliseconds, and how long it was. */
  readonly pieces: readonly { readonly at: number; readonly bytes: number }[]
  type(keys: string): void
  /** Resolves when the output from `since` on holds the text; rejects with what it shows instead. */
  sees(text: string | RegExp, since?: number): Promise<void>
  /** The process of the product itself. */
  pid(): number
  kill(signal: NodeJS.Signals): void
  resize(columns: number, rows: number): void
  /** The exit code. */
  readonly ended: Promise<number>
  close(): Promise<void>
}

export interface TerminalOptions {
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Commands of the shell before and after the product, whose output is part of the terminal's. */
  readonly before?: string
  readonly after?: string
}

const WAIT_MS = 15_000

/** Opens a terminal and starts the product in it. */
export function openTerminal(args: readonly string[], { columns = 120, rows = 40, env = {}, cwd, before = '', after = 'exit $code' }: TerminalOptions = {}): Terminal {
  const product = [process.execPath, BIN, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ')
  const line = `stty rows ${rows} columns ${columns}; ${before}\n${product}; code=$?; ${after}`
  const child = spawn('script', ['-qfec', line, '/dev/null'], {
    cwd, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm-256color', LANG: 'C.UTF-8', SHELL: '/bin/sh', ...env }, stdio: ['pipe', 'pipe', 'pipe'],
  })
  const pieces: { at: number; bytes: number }[] = []
  let text = ''
  const waiting = new Set<() => void>()
  const decoder = new TextDecoder()
  child.stdout.on('data', (chunk: Buffer) => {
    pieces.push({ at: performance.now(), bytes: chunk.length })
    text += decoder.decode(chunk, { stream: true })
    for (const look of waiting) look()
  })
  const ended = new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)))
  void ended.then(() => waiting.forEach((look) => look()))
  child.stdin.on('error', () => undefined)
  let over = false
  void ended.then(() => (over = true))

  const productPid = (): number => {
    const found = descendants(child.pid ?? 0).find((pid) => read(`/proc/${pid}/cmdline`).includes('medianest-perf.js'))
    if (found === undefined) throw new Error(`the product does not run; it said: ${JSON.stringify(text.slice(-2_000))}`)
    return found
  }
  return {
    output: () => text,
    pieces,
    type: (keys) => void child.stdin.write(keys),
    sees: (wanted, since = 0) =>
      new Promise((found, failed) => {
        const late = setTimeout(() => end(new Error(`${String(wanted)} was not shown in time; the end of what was: ${JSON.stringify(text.slice(-3_000))}`)), WAIT_MS)
        const end = (error?: Error): void => {
          clearTimeout(late)
          waiting.delete(look)
          if (error) failed(error)
          else found()
        }
        const look = (): void => {
          const part = text.slice(since)
          if (typeof wanted === 'string' ? part.includes(wanted) : wanted.test(part)) end()
          else if (over) end(new Error(`it ended without showing ${String(wanted)}: ${JSON.stringify(text.slice(-3_000))}`))
        }
        waiting.add(look)
        look()
      }),
    pid: productPid,
    kill: (signal) => void process.kill(productPid(), signal),
    resize: (width, height) => {
      const tty = readlinkSync(`/proc/${productPid()}/fd/0`)
      spawnSync('stty', ['-F', tty, 'rows', String(height), 'columns', String(width)])
    },
    ended,
    close: async () => {
      if (over) return
      for (const pid of descendants(child.pid ?? 0).toReversed()) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It has ended meanwhile.
        }
      }
      child.kill('SIGKILL')
      await ended
    },
  }
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Pids below a process, the nearest first. */
export function descendants(pid: number): number[] {
  const below: number[] = []
  const tasks = (of: number): string[] => {
    try {
      return readdirSync(`/proc/${of}/task`)
    } catch {
      return []
    }
  }
  const queue = [pid]
  for (const each of queue) {
    for (const task of tasks(each)) {
      for (const child of read(`/proc/${each}/task/${task}/children`).split(' ').filter(Boolean).map(Number)) {
        below.push(child)
        queue.push(child)
      }
    }
  }
  return below
}
