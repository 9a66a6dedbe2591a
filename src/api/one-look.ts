import type { Application, Samples, Snapshot, SystemFacts } from '../model/snapshot.ts'
import { type ClientOptions, openClient } from './client.ts'
import { readMetrics } from './dialect.ts'
import { METRICS_QUERY } from './inquiry.ts'
import { facts as factsOf } from './reading.ts'
import { readApplication } from './translate/application.ts'

/** One look at an instance. Throws UserError. */
export async function fetchSnapshot(options: ClientOptions, signal?: AbortSignal): Promise<{ readonly snapshot: Snapshot; readonly facts: SystemFacts }> {
  const client = openClient(options)
  try {
    const reading = readMetrics(await client.get('metrics', METRICS_QUERY, signal), `${client.address.base}metrics`)
    const { samples, processes, application, alerts } = reading
    const facts = reading.facts ?? factsOf({})
    return { snapshot: { at: reading.at ?? options.wallTime(), elapsedMs: Number.NaN, samples, processes, application, alerts }, facts: { ...facts, host: facts.host || client.address.name } }
  } finally {
    await client.close()
  }
}

/** What an instance says of its application. Throws UserError, `NOT_OFFERED` where it says nothing of it. */
export async function fetchApplication(options: ClientOptions, signal?: AbortSignal): Promise<{ readonly samples: Samples; readonly application: Application }> {
  const client = openClient(options)
  try {
    const { samples, application } = readApplication(await client.get('application', {}, signal))
    return { samples, application: application ?? { endpoints: [], queries: [] } }
  } finally {
    await client.close()
  }
}
