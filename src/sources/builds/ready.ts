import { setTimeout as sleep } from 'node:timers/promises'
import { HttpProblem, sendHttp } from '../../services/http.ts'
import { NetworkProblem, patienceUntil } from '../../services/problem.ts'
import { connectTcp } from '../../services/tcp.ts'

/** What is asked until it answers. */
export interface ReadyQuestion {
  readonly url: URL
  /** Whether the answer must be a good one (a status below 400), or any. */
  readonly mustSucceed: boolean
  readonly insecure: boolean
  /** Ends the waiting, whatever the reason. */
  readonly signal: AbortSignal
}

const AGAIN_MS = 100
/** One try; a server that is busy with its start may accept long before it answers. */
const TRY_MS = 5_000

/** Asks until there is an answer; null when there is, what the last try came to when the signal ended it. Throws UserError for an address that cannot be asked. */
export async function untilItAnswers({ url, mustSucceed, insecure, signal }: ReadyQuestion): Promise<string | null> {
  let problem = 'it was not asked'
  while (!signal.aborted) {
    try {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)])
      const { status } = await sendHttp({ url, method: 'GET', headers: {}, insecure, maxBodyBytes: 65_536, signal: patience, timeoutMs: TRY_MS })
      if (!mustSucceed || status < 400) return null
      problem = `it answered ${status}`
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error
      if (!signal.aborted) problem = error.message
    }
    await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined)
  }
  return problem
}

/** Whether anybody accepts connections there. */
export async function isListenedAt(url: URL): Promise<boolean> {
  try {
    const { socket } = await connectTcp({ host: url.hostname, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)), patience: patienceUntil(AbortSignal.timeout(1_000), 1_000) })
    socket.destroy()
    return true
  } catch (error) {
    if (error instanceof NetworkProblem) return false
    throw error
  }
}
