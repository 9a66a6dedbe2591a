import type { LoadSettings } from '../../model/plan.ts'

/** What holds where a scenario says nothing. */
export const DEFAULT_SETTINGS: LoadSettings = {
  timeoutMs: 10_000,
  maxConnections: null,
  keepAlive: true,
  tls: { insecure: false },
  maxBodyBytes: 16 * 1024 * 1024,
  maxHeaderBytes: 64 * 1024,
  followRedirects: true,
  maxRedirects: 10,
  endOnFailedExpectation: false,
  atCap: 'wait',
}
