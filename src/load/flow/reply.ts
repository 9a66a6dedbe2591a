import type { Json } from '../../model/plan.ts'
import type { Exchange } from '../exchange.ts'

/** A response as captures and expectations look at it: text and JSON are made when first asked for, at most once. */
export interface Reply {
  readonly exchange: Exchange
  /** From the moment the request was due until its last byte, milliseconds. */
  readonly durationMs: number
  text(): string
  /** Undefined when the body is not JSON. */
  json(): Json | undefined
}

/** Wraps an exchange for its captures and expectations. */
export function createReply(exchange: Exchange, dueAt: number): Reply {
  let text: string | null = null
  let json: Json | undefined
  let parsed = false
  const reply: Reply = {
    exchange,
    durationMs: exchange.endAt - dueAt,
    text: () => (text ??= exchange.body?.toString('utf8') ?? ''),
    json: () => {
      if (!parsed) {
        parsed = true
        json = parse(reply.text())
      }
      return json
    },
  }
  return reply
}

function parse(text: string): Json | undefined {
  try {
    // What JSON.parse returns is JSON.
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) as Json
  } catch {
    return undefined
  }
}
