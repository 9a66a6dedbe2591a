import { UserError } from '../model/error.ts'
import type { Samples } from '../model/snapshot.ts'
import type { Client } from './client.ts'
import { readMetrics } from './dialect.ts'
import { withEveryValue } from './every-value.ts'
import type { Picture } from './picture.ts'
import { withRates } from './rates.ts'
import type { Reading } from './reading.ts'
import { readApplication } from './translate/application.ts'
import { readResources } from './translate/resources.ts'

/** Some servers answer 500 when no window is named; the history is asked for where it is offered. */
export const METRICS_QUERY = { timeWindow: '5' }
const HISTORY_QUERY = { ...METRICS_QUERY, timeRange: '15m', interval: '10s' }

/** Asks an instance its questions and lays the answers over a picture; it remembers what is not offered. */
export interface Inquiry {
  /** Throws UserError. */
  metrics(lifeMs: number, options?: { readonly history?: boolean }): Promise<Reading>
  /** What else is offered, each failure taken for silence. */
  extras(lifeMs: number, wanted: { readonly processes: boolean }): Promise<void>
  /** How many requests the questions after `metrics` take. */
  extraRequests(wanted: { readonly processes: boolean }): number
}

type Extra = 'application' | 'resources'
/** What says that asking again is of no use; a token may be good for `metrics` and no more, and a wrong role is told as 401 or 403. */
const NEVER = new Set(['NOT_OFFERED', 'UNAUTHORIZED', 'FORBIDDEN', 'REDIRECTED'])

/** An inquiry that has asked nothing yet. */
export function openInquiry(client: Client, picture: Picture, { now, wallTime, signal }: { readonly now: () => number; readonly wallTime: () => number; readonly signal: AbortSignal }): Inquiry {
  const missing = new Set<Extra>()
  let takesSamples = true
  const before = new Map<string, { readonly samples: Samples; readonly at: number }>()

  function rated(question: string, samples: Samples): Samples {
    const last = before.get(question)
    const at = now()
    before.set(question, { samples, at })
    return withRates(last?.samples ?? null, samples, at - (last?.at ?? Number.NaN))
  }

  const metricsSamples = (): Samples => before.get('metrics')?.samples ?? new Map()

  async function offered(extra: Extra, ask: () => Promise<void>): Promise<void> {
    if (missing.has(extra)) return
    try {
      await ask()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      if (NEVER.has(error.code)) missing.add(extra)
    }
  }

  const asked = ({ processes }: { readonly processes: boolean }): Extra[] => (['application', ...(processes ? ['resources' as const] : [])] as const).filter((extra) => !missing.has(extra))

  return {
    metrics: async (lifeMs, { history = false } = {}) => {
      const query = history ? HISTORY_QUERY : METRICS_QUERY
      const body = await withEveryValue((extra) => client.get('metrics', { ...query, ...extra }, signal), { isTaken: takesSamples, remember: () => (takesSamples = false) })
      const reading = readMetrics(body, `${client.address.base}metrics`)
      picture.add('metrics', { ...reading, samples: rated('metrics', reading.samples) }, lifeMs)
      return reading
    },
    extras: async (lifeMs, wanted) => {
      await offered('application', async () => {
        picture.add('application', readApplication(await client.get('application', {}, signal)), lifeMs)
      })
      if (!wanted.processes) return
      await offered('resources', async () => {
        const body = await client.get('resources', {}, signal)
        const { processes, samples } = picture.current()
        const reading = readResources(body, { at: wallTime(), memoryBytes: samples.get('memory.total')?.get('') ?? Number.NaN, before: processes })
        picture.add('resources', { ...reading, samples: withoutSums(rated('resources', reading.samples), metricsSamples()) }, lifeMs)
      })
    },
    extraRequests: (wanted) => asked(wanted).length,
  }
}

/** Sums of all disks and interfaces add nothing where `metrics` says it of each, or in other words. */
function withoutSums(samples: Samples, told: Samples): Samples {
  const isTold = (room: string): boolean => [...told.keys()].some((metric) => metric.startsWith(room))
  const rooms = ['network.', 'disk.'].filter(isTold)
  return new Map([...samples].filter(([metric]) => !rooms.some((room) => metric.startsWith(room))))
}
