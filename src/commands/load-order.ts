import type { Host } from '../host.ts'
import type { LoadOrder } from '../load/read/order.ts'
import type { Plan } from '../model/plan.ts'

/** An order that was taken: its plan, and what aborts once nobody waits for its result any more. */
export interface TakenOrder {
  readonly testId: string
  readonly plan: Plan
  readonly orphaned: AbortSignal
}

/** How long it may take to end once nobody waits for it, milliseconds. */
const LAST_MS = 3_000

/** Reads the order on standard input. Throws UserError for a body that is none of the API's. */
export async function takeOrder(host: Host): Promise<TakenOrder> {
  const orphaned = new AbortController()
  void host.inputEnded().then(() => {
    orphaned.abort('SIGTERM')
    setTimeout(() => host.kill(host.pid, 'SIGKILL'), LAST_MS).unref()
  })
  // Both listen from the beginning: input that nobody waits for is lost.
  const line = host.inputLine()
  const { readBody } = await import('../load/read/order.ts')
  const { testId, body } = JSON.parse(await line) as LoadOrder // Written by ourselves.
  return { testId, plan: await readBody(body), orphaned: orphaned.signal }
}
