import type { Caller } from '../../contract/instance.ts'
import { seesAll } from '../../contract/instance.ts'
import type { LiveQuestion, Resident } from '../../contract/resident.ts'
import { createChannel, type Channel } from './channel.ts'
import type { StreamClient } from './stream-client.ts'

/** The live streams: whoever wants the same shares one look, one text and one past. */
export interface LiveHub {
  join(question: LiveQuestion, caller: Pick<Caller, 'role'>, client: StreamClient, lastEventId: string | undefined): { leave(): void }
  close(): void
}

/** What the hub works with; `now` is monotonic milliseconds. */
export interface HubWorld {
  readonly resident: Pick<Resident, 'live' | 'onAlert'>
  readonly bootId: string
  readonly next: () => number
  readonly now: () => number
  readonly onProblem: (error: unknown) => void
}

interface Kind {
  readonly channel: Channel
  /** Whether its readers see all. */
  readonly tellsAll: boolean
  tick(): void
  /** When its last reader left; null while there is one. */
  idleSince: number | null
  stop(): void
}

/** A kind goes on for a while without readers, so that one who comes back misses nothing. */
const IDLE_MS = 120_000
const MOST_IDLE = 16

/** Opens the hub. */
export function openLiveHub({ resident, bootId, next, now, onProblem }: HubWorld): LiveHub {
  const kinds = new Map<string, Kind>()
  // Who does not see all is not told of every alert either.
  const stopAlerts = (['admin', 'user'] as const).map((role) => resident.onAlert((event) => {
    for (const { channel, tellsAll } of kinds.values()) if (tellsAll === seesAll({ role })) channel.publish(event)
  }, { role }))

  function open(question: LiveQuestion, role: Caller['role'], key: string): Kind {
    const channel = createChannel({ bootId, next, now })
    let isLooking = false
    const tick = (): void => {
      if (kind.idleSince !== null && now() - kind.idleSince > IDLE_MS) return remove(key)
      // A look that takes longer than the interval is not asked for twice.
      if (isLooking) return
      isLooking = true
      resident.live(question, { role })
        .then((event) => channel.publish(event), (error: unknown) => {
          channel.remark('there are no figures at this moment')
          onProblem(error)
        })
        .finally(() => (isLooking = false))
    }
    const timer = setInterval(tick, question.interval * 1_000)
    const kind: Kind = { channel, tellsAll: seesAll({ role }), tick, idleSince: null, stop: () => clearInterval(timer) }
    kinds.set(key, kind)
    return kind
  }

  function remove(key: string): void {
    kinds.get(key)?.stop()
    kinds.delete(key)
  }

  function forgetSome(): void {
    const idle = [...kinds].filter(([, { idleSince }]) => idleSince !== null).sort(([, a], [, b]) => (a.idleSince ?? 0) - (b.idleSince ?? 0))
    for (const [key] of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) remove(key)
  }

  return {
    join(question, { role }, client, lastEventId) {
      const key = JSON.stringify([question.interval, question.metrics === undefined ? null : [...new Set(question.metrics)].sort(), question.samples, seesAll({ role })])
      const kind = kinds.get(key) ?? open(question, role, key)
      kind.idleSince = null
      if (!kind.channel.join(client, lastEventId, question.interval * 1_000)) kind.tick()
      return {
        leave() {
          kind.channel.leave(client)
          if (kind.channel.size > 0) return
          kind.idleSince = now()
          forgetSome()
        },
      }
    },
    close() {
      for (const stop of stopAlerts) stop()
      for (const key of [...kinds.keys()]) remove(key)
    },
  }
}
