import { once } from 'node:events'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SourceConfigOf } from '../../../src/collect-schema/schema.ts'
import type { MetricName } from '../../../src/model/metric.ts'
import type { Collected, Source } from '../../../src/model/source.ts'
import { openSource } from '../../../src/sources/application/prometheus.ts'
import type { SourceTerms, SourceWorld } from '../../../src/sources/application/source-world.ts'

/** A world whose clock is set by hand. */
export interface FakeWorld extends SourceWorld {
  pass(ms: number): void
}

export function fakeWorld(parts: Partial<SourceWorld> = {}): FakeWorld {
  let now = 1_000
  const begun = Date.parse('2026-03-01T12:00:00.000Z')
  return {
    now: () => now, wallTime: () => new Date(begun + now), env: {}, readFile: async () => '', resolve: (path) => path, sources: [], ...parts,
    pass: (ms) => void (now += ms),
  }
}

export const TERMS: SourceTerms = { id: 'prometheus', name: 'Prometheus', priority: 'high', intervalMs: 15_000 }

/** A server on a free port; it ends with the test. */
export async function serving(answer: http.RequestListener): Promise<{ readonly url: string; readonly server: http.Server; readonly close: () => Promise<void> }> {
  const server = http.createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's address is one
  return {
    url: `http://127.0.0.1:${port}/metrics`, server,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** An application whose exposition is set by hand, and a source that asks it. */
export interface Exposing {
  readonly source: Source
  readonly world: FakeWorld
  readonly url: string
  /** What is printed from now on. */
  readonly print: (text: string, type?: string) => void
  readonly collect: () => Promise<Collected>
  readonly close: () => Promise<void>
}

export async function exposing(config: Partial<SourceConfigOf<'prometheus'>> = {}): Promise<Exposing> {
  let body = ''
  let contentType = 'text/plain; version=0.0.4; charset=utf-8'
  const { url, close } = await serving((_request, response) => response.setHeader('content-type', contentType).end(body))
  const world = fakeWorld()
  const source = openSource({ type: 'prometheus', url, ...config }, TERMS, world)
  return {
    source, world, url, close,
    print(text, type = contentType) {
      body = text
      contentType = type
    },
    collect: () => source.collect(AbortSignal.timeout(5_000)),
  }
}

/** The value of a metric's only series, or of a tag; undefined where it is not there. */
export function valueIn({ samples }: Collected, metric: MetricName, tag = ''): number | undefined {
  return samples.get(metric)?.get(tag)
}
