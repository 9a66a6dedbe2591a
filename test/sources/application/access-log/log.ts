import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { SourceConfigOf } from '../../../../src/collect-schema/schema.ts'
import type { MetricName } from '../../../../src/model/metric.ts'
import type { Collected, Source } from '../../../../src/model/source.ts'
import { openSource } from '../../../../src/sources/application/access-log.ts'

/** A folder of its own for one test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'medianest-log-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export interface Opened {
  readonly path: string
  readonly source: Source
  /** Collects a second after the last time, or so many milliseconds. */
  readonly collect: (afterMs?: number) => Promise<Collected>
}

/** A source that reads `access.log` of a folder, on a clock of its own. */
export function openLog(config: Partial<SourceConfigOf<'access-log'>> = {}, options: { readonly in?: string; readonly limits?: Parameters<typeof openSource>[3]; readonly tickMs?: number } = {}): Opened {
  const place = options.in ?? folder()
  let clock = 1_000
  const world = { now: () => (clock += options.tickMs ?? 0), wallTime: () => new Date(0), sources: [], env: {}, readFile: async () => '', resolve: (path: string) => join(place, path) }
  const source = openSource({ type: 'access-log', path: 'access.log', ...config }, { id: 'access-log', name: 'access log', priority: 'high', intervalMs: 1_000 }, world, options.limits)
  onTestFinished(() => source.close())
  return {
    path: join(place, 'access.log'), source,
    collect: (afterMs = 1_000) => {
      clock += afterMs
      return source.collect(new AbortController().signal)
    },
  }
}

/** A figure of a collection; NaN where it is not told. */
export function figure({ samples }: Collected, metric: MetricName): number {
  return samples.get(metric)?.get('') ?? Number.NaN
}

/** How many requests all collections so far have counted. */
export function counted({ traffic = [] }: Collected): number {
  return traffic.flatMap(({ statuses }) => [...statuses.values()]).reduce((sum, each) => sum + each, 0)
}

/** A line of nginx's combined format with its request time. */
export function line({ method = 'GET', path = '/api/a', status = 200, bytes = 100, seconds = 0.01 }: { readonly method?: string; readonly path?: string; readonly status?: number; readonly bytes?: number; readonly seconds?: number } = {}): string {
  return `10.0.0.1 - - [21/Nov/2026:15:48:24 +0000] "${method} ${path} HTTP/1.1" ${status} ${bytes} "-" "curl/8" ${seconds.toFixed(3)}\n`
}
