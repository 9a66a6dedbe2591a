import { NetworkProblem } from '../../services/problem.ts'
import { connectTcp } from '../../services/tcp.ts'
import { nothingAnswers } from './errors.ts'
import { addressOf } from './run.ts'

/** How long a connection may take. */
const PATIENCE_MS = 10_000

/** Who asks whether a page is there. */
interface Asking {
  readonly signal: AbortSignal
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds. */
  readonly timeoutMs?: number | undefined
}

/**
 * Finds out with one connection whether anything listens where a page is said to be: a browser calls all that goes wrong by one name. Where a proxy stands between it is
 * left to the browser. Throws UserError `UNREACHABLE`, `INVALID_VALUE`, and the signal's reason.
 */
export async function expectAnswer(url: string, { signal, env, timeoutMs = PATIENCE_MS }: Asking): Promise<void> {
  const { href, hostname, protocol, port } = new URL(addressOf(url))
  if (hasProxy(env) || hostname.endsWith('.localhost')) return
  const limit = AbortSignal.timeout(timeoutMs)
  try {
    const { socket } = await connectTcp({ host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)), patience: { signal: AbortSignal.any([signal, limit]), timeoutMs } })
    socket.destroy()
  } catch (error) {
    signal.throwIfAborted()
    // What this machine could not ask by itself the browser may.
    if (error instanceof NetworkProblem && error.kind !== 'local') throw nothingAnswers(href, error.message, error.hint)
    if (!(error instanceof NetworkProblem)) throw error
  }
}

/** Chromium takes a proxy from these, and finds names by itself. */
function hasProxy(env: Asking['env']): boolean {
  return Object.entries(env).some(([name, value]) => /^(https?|all)_proxy$/i.test(name) && value !== undefined && value !== '')
}
