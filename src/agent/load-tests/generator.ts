import * as z from 'zod/mini'
import type { Host } from '../../host.ts'
import type { LoadOrder } from '../../load/read/order.ts'
import { runSchema, type Run } from '../../model/run.ts'
import { plain } from '../../model/text.ts'

/** What a running test tells, window by window. */
export interface Reading {
  /** From the first arrival to the end of the window, milliseconds. */
  readonly elapsedMs: number
  readonly requests: number
  readonly failed: number
  /** Requests a second in the window. */
  readonly rate: number
}

/** How a test ended: with a result, or for a reason. */
export type Ending = { readonly run: Run } | { readonly run: null; readonly reason: string }

/** A process of this program that sends the requests of one test. */
export interface Generator {
  readonly pid: number | undefined
  readonly ended: Promise<Ending>
  /** Ends it: at first requests under way may finish, then they are broken off, at last it is killed. What it had measured is its result as long as it lives. */
  stop(): void
  /** Ends it at once, from where nothing can be waited for. */
  kill(): void
}

/** From asking to breaking off, and from there to killing, milliseconds. */
const PATIENCE_MS = [3_000, 4_000] as const

const interim = z.object({ interim: z.literal(true), data: z.object({ window: z.object({ startMs: z.number(), durationMs: z.number(), rate: z.number() }), totalRequests: z.number(), failedRequests: z.number() }) })
const final = z.object({ success: z.literal(true), data: runSchema })
const failure = z.object({ success: z.literal(false), error: z.object({ message: z.string() }) })

/** What a generator may know of our environment: how programs and certificates are found. */
const PASSED_ON = ['PATH', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'] as const

/** Starts the generator of a test; it shares neither event loop nor environment with this process, writes no file, and ends when this process does. */
export function startGenerator(host: Pick<Host, 'spawnSelf' | 'env' | 'onExit'>, { testId, body }: LoadOrder, onReading: (reading: Reading) => void): Generator {
  let run: Run | null = null
  let reason: string | null = null
  const child = host.spawnSelf(['load', '-', '--child', '--quiet', '--format', 'ndjson'], {
    env: Object.fromEntries(PASSED_ON.flatMap((name) => (host.env[name] === undefined ? [] : [[name, host.env[name]]]))),
    // Where no configuration of a project lies.
    directory: '/',
    input: `${JSON.stringify({ testId, body } satisfies LoadOrder)}\n`,
    onLine: (line) => {
      const told = parse(line)
      const going = z.safeParse(interim, told)
      if (going.success) {
        const { window, totalRequests, failedRequests } = going.data.data
        return onReading({ elapsedMs: window.startMs + window.durationMs, requests: totalRequests, failed: failedRequests, rate: window.rate })
      }
      run = z.safeParse(final, told).data?.data ?? run
      reason = z.safeParse(failure, told).data?.error.message ?? reason
    },
  })
  const forget = host.onExit(() => child.tell('SIGKILL'))
  const timers: NodeJS.Timeout[] = []
  return {
    pid: child.pid,
    ended: child.ended.then(({ code, signal, errors }): Ending => {
      forget()
      for (const timer of timers) clearTimeout(timer)
      if (run) return { run }
      const how = signal === null ? `code ${code ?? 'none'}` : signal
      // Only the sentence: the stack around it is nobody's business outside.
      const [, sentence] = /^((?:[A-Z]\w*Error|error|FATAL ERROR): .*)$/m.exec(errors) ?? []
      return { run: null, reason: plain(reason ?? `the load generator ended with ${how} and left no result${sentence === undefined ? '' : `: ${sentence}`}`) }
    }),
    stop: () => {
      if (timers.length > 0) return
      child.tell('SIGTERM')
      const [breakOff, kill] = PATIENCE_MS
      timers.push(setTimeout(() => child.tell('SIGTERM'), breakOff), setTimeout(() => child.tell('SIGKILL'), breakOff + kill))
    },
    kill: () => child.tell('SIGKILL'),
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
