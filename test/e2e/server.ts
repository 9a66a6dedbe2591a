import type * as http from 'node:http'
import * as threads from 'node:worker_threads'

/** What a measuring server has seen. */
export interface Seen {
  /** Arrival times on the system's monotonic clock, milliseconds. */
  readonly arrivals: readonly number[]
  readonly maxInFlight: number
}

export interface MeasuringServer {
  readonly url: string
  seen(): Promise<Seen>
  close(): Promise<void>
}

/**
 * A server in a thread of its own that answers every request after `latencyMs`, and that hangs once for `stallMs`, with
 * everything it has, `stallAtMs` after its first request: the computed truth latencies are tested against.
 */
export async function startMeasuringServer(options: { latencyMs: number; stallMs?: number; stallAtMs?: number }): Promise<MeasuringServer> {
  const worker = new threads.Worker(`(${serve.toString()})(require('node:worker_threads').workerData)`, { eval: true, workerData: options })
  const next = <T>(): Promise<T> => new Promise((done) => worker.once('message', done))
  const port = await next<number>()
  return {
    url: `http://127.0.0.1:${port}`,
    seen: () => {
      const answer = next<Seen>()
      worker.postMessage('seen')
      return answer
    },
    close: async () => void (await worker.terminate()),
  }
}

/** Runs in the worker; it may use nothing from outside itself. */
function serve({ latencyMs, stallMs = 0, stallAtMs = 0 }: { latencyMs: number; stallMs?: number; stallAtMs?: number }): void {
  /* eslint-disable @typescript-eslint/no-require-imports -- this text is evaluated as a script of its own */
  const { createServer } = require('node:http') as typeof http
  const { parentPort } = require('node:worker_threads') as typeof threads
  const arrivals: number[] = []
  let inFlight = 0
  let maxInFlight = 0
  const now = (): number => Number(process.hrtime.bigint()) / 1e6
  const server = createServer((_request, response) => {
    const at = now()
    if (arrivals.push(at) === 1 && stallMs > 0) setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs), stallAtMs)
    maxInFlight = Math.max(maxInFlight, ++inFlight)
    const answer = (): void => {
      // Timers of Node may be a fraction early; the promise is at least this long.
      if (now() - at < latencyMs) return void setTimeout(answer, 1)
      inFlight--
      response.end('ok')
    }
    setTimeout(answer, latencyMs)
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => parentPort?.postMessage((server.address() as { port: number }).port))
  parentPort?.on('message', () => parentPort.postMessage({ arrivals, maxInFlight }))
}
