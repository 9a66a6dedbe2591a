import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openResident } from '../../src/commands/serve-resident.ts'
import { loadConfig } from '../../src/config.ts'
import type { Resident } from '../../src/contract/resident.ts'
import { testHost, type TestHost } from '../host.ts'

/** This machine with an application, as `serve` opens it. */
export interface RealSystem {
  readonly host: TestHost
  readonly resident: Resident
  /** Where the application is, and what is done to it. */
  readonly application: { readonly url: string; /** From now on its figures cannot be had. */ fail(): void; recover(): void }
  close(): Promise<void>
}

/** Opens it, with a source that is asked every second. */
export async function openRealSystem(): Promise<RealSystem> {
  let requests = 0
  let fails = false
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.end('{}')
    requests += 20
    if (fails) return void response.writeHead(500).end('out of order')
    const labels = 'method="GET",route="/api/media",status_code="200"'
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(`# TYPE http_request_duration_seconds histogram\nhttp_request_duration_seconds_bucket{${labels},le="0.1"} ${requests}\nhttp_request_duration_seconds_bucket{${labels},le="+Inf"} ${requests}\nhttp_request_duration_seconds_sum{${labels}} ${requests * 0.05}\nhttp_request_duration_seconds_count{${labels}} ${requests}\n`)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // The system chose the port.
  const folder = mkdtempSync(join(tmpdir(), 'medianest-real-'))
  writeFileSync(join(folder, 'medianest-perf.yaml'), JSON.stringify({
    serve: { loadTest: { targets: url, maxRate: 50, maxDuration: '20s' } }, collect: { interval: '1s', sources: [{ type: 'prometheus', url: `${url}/metrics`, interval: '1s', timeout: '2s' }] },
    health: { checks: [{ name: 'memory', type: 'memory' }] },
  }))
  const host = testHost(['serve'], { cwd: folder, env: { ENABLE_ADAPTIVE_INTERVALS: 'false', PERFORMANCE_FLUSH_INTERVAL: '200', PATH: process.env['PATH'] ?? '' } })
  const resident = await openResident(host, await loadConfig(host, undefined), () => undefined)
  return {
    host, resident,
    application: { url, fail: () => void (fails = true), recover: () => void (fails = false) },
    close: async () => {
      await resident.close()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
