import * as z from 'zod/mini'
import { loadTestEvent } from '../contract/answers/load-test.ts'
import type { LoadTestEvent } from '../contract/resident.ts'
import { cleaned } from './cleaning.ts'
import type { Client } from './client.ts'
import { listen } from './event-stream.ts'
import { parsed } from './answer-text.ts'
import { brokenOff } from './errors.ts'

/** Without a byte for so long the stream is lost: instances send a heartbeat more often. */
const SILENCE_MS = 60_000
const THIN_MS = 50

/** Events of a load test until its end. Throws UserError `NOT_OFFERED` where there is no stream, and where it breaks off before the end. */
export async function* followLoadTest(client: Client, testId: string, { now, signal }: { readonly now: () => number; readonly signal: AbortSignal }): AsyncGenerator<LoadTestEvent> {
  const endpoint = `load-test/${encodeURIComponent(testId)}/stream`
  const events: LoadTestEvent[] = []
  const hangUp = new AbortController()
  let wake = (): void => undefined
  let isOver = false
  const ended = new AbortController()
  signal.addEventListener('abort', () => hangUp.abort(), { once: true, signal: ended.signal })
  const listening = listen(client, {
    endpoint, query: {}, lastId: null, silenceMs: SILENCE_MS, thinMs: THIN_MS, now, signal: hangUp.signal,
    opened: () => undefined,
    event: ({ data }) => {
      const { data: event } = z.safeParse(loadTestEvent, cleaned(parsed(data), client.hide))
      if (event) events.push(event)
      wake()
    },
    retry: () => undefined,
  }).then(() => undefined, (error: unknown) => ({ error })).finally(() => {
    isOver = true
    wake()
  })
  try {
    for (;;) {
      for (let event = events.shift(); event !== undefined; event = events.shift()) {
        yield event
        if (event.type === 'end') return
      }
      if (isOver) break
      await new Promise<void>((woken) => {
        wake = woken
      })
    }
    const failure = await listening
    if (failure) throw failure.error
    if (!signal.aborted) throw brokenOff(new URL(endpoint, client.address.base).href)
  } finally {
    ended.abort()
    hangUp.abort()
    await listening
  }
}
