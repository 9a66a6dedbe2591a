import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import { openEmulator } from '../tui/top/emulator.ts'

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
  /** What the screen shows now. */
  screen(): string
  /** Resolves when the screen shows the text; rejects with what it shows instead. */
  shows(text: string | RegExp): Promise<void>
  /** Resolves when the output from `since` on, escape sequences and all, holds the text. */
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
const ENTER = '\u001b[?1049h'
const LEAVE = '\u001b[?1049l'
const ERASE = '\u001b[H\u001b[J'

const widthOf = (character: string): number => (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]/u.test(character) ? 2 : 1)

/** How much of a text does not end within an escape sequence. */
function wholeUntil(text: string): number {
  const open = text.lastIndexOf('\u001b')
  return open < 0 || /^\u001b\[[\d;?]*[A-Za-z]/.test(text.slice(open)) ? text.length : open
}

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
  const emulator = openEmulator(columns, rows, widthOf)
  let unshown = ''
  /** A frame of the old size may still be on its way; the picture of the new one begins with an empty screen. */
  let isResized = false
  child.stdout.on('data', (chunk: Buffer) => {
    pieces.push({ at: performance.now(), bytes: chunk.length })
    const more = decoder.decode(chunk, { stream: true })
    text += more
    unshown += more
    for (const look of waiting) look()
  })
  const ended = new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)))
  void ended.then(() => waiting.forEach((look) => look()))
  child.stdin.on('error', () => undefined)
  let over = false
  void ended.then(() => (over = true))

  const productPid = (): number => {
    const found = descendants(child.pid ?? 0).find((pid) => read(`/proc/${pid}/cmdline`).split('\0')[1] === BIN)
    if (found === undefined) throw new Error(`the product does not run; it said: ${JSON.stringify(text.slice(-2_000))}`)
    return found
  }
  /** Only whole escape sequences are handed over, and none of a shell's own lines. */
  const screen = (): string => {
    if (isResized) {
      const redrawn = unshown.indexOf(ERASE)
      if (redrawn < 0) return emulator.text
      unshown = unshown.slice(redrawn)
      isResized = false
    }
    const ready = unshown.slice(0, wholeUntil(unshown))
    unshown = unshown.slice(ready.length)
    const begin = ready.lastIndexOf(ENTER)
    const end = ready.indexOf(LEAVE, Math.max(0, begin))
    emulator.write((begin < 0 && !emulator.modes.get('1049') ? '' : ready).slice(Math.max(0, begin), end < 0 ? undefined : end))
    return emulator.text
  }
  const wait = (wanted: string | RegExp, of: () => string): Promise<void> =>
    new Promise((found, failed) => {
      const late = setTimeout(() => end(new Error(`${String(wanted)} was not shown in time, but:\n${of().slice(-6_000)}`)), WAIT_MS)
      const end = (error?: Error): void => {
        clearTimeout(late)
        waiting.delete(look)
        if (error) failed(error)
        else found()
      }
      const look = (): void => {
        const part = of()
        if (typeof wanted === 'string' ? part.includes(wanted) : wanted.test(part)) end()
        else if (over) end(new Error(`it ended without showing ${String(wanted)}: ${JSON.stringify(text.slice(-3_000))}`))
      }
      waiting.add(look)
      look()
    })
  return {
    output: () => text,
    pieces,
    type: (keys) => void child.stdin.write(keys),
    screen,
    shows: (wanted) => wait(wanted, screen),
    sees: (wanted, since = 0) => wait(wanted, () => text.slice(since)),
    pid: productPid,
    kill: (signal) => void process.kill(productPid(), signal),
    resize: (width, height) => {
      const tty = readlinkSync(`/proc/${productPid()}/fd/0`)
      screen()
      emulator.resize(width, height)
      isResized = true
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
