import type { LevelsText } from './levels.ts'
import { judge, readLevels, type Levels } from './levels.ts'
import type { LookContext } from './look.ts'
import { single, type Remark } from './remark.ts'
import { CERTIFICATE_LEVELS, judgeCertificate } from './certificate-time.ts'
import type { Measure, Outcome } from '../model/health.ts'
import { showDuration } from '../model/unit.ts'
import { readAuthority } from '../services/authority.ts'
import { sendHttp, type HttpAnswer, type HttpPhases, type HttpRequest } from '../services/http.ts'
import { NetworkProblem, type Patience } from '../services/problem.ts'

/** What all checks over HTTP may be told. */
export interface WebConfig {
  readonly ca?: string | undefined
  readonly insecure?: boolean | undefined
  readonly responseTime?: LevelsText
  readonly certificate?: LevelsText
}

/** Sends a request as a configuration wants it sent. Throws what `sendHttp` throws. */
export type Send = (request: Pick<HttpRequest, 'url' | 'method' | 'headers'> & Partial<Pick<HttpRequest, 'body' | 'maxBodyBytes'>>) => Promise<HttpAnswer>

/** Most of a body that is read unless told otherwise. */
export const MOST_BODY_BYTES = 1_000_000

/** A way to send requests, with the certificates of the configuration read once. Throws UserError `INVALID_CA`. */
export async function openWeb({ ca, insecure }: WebConfig, { world }: Pick<LookContext, 'world'>, patience: Patience): Promise<Send> {
  const pem = ca === undefined ? undefined : await readAuthority(ca, world)
  return (request) => sendHttp({ maxBodyBytes: MOST_BODY_BYTES, ...request, ca: pem, insecure, signal: patience.signal, timeoutMs: patience.timeoutMs })
}

/** The outcome of a look that got no answer; what is no such problem is thrown on. */
export function problemOutcome(error: unknown, details: Outcome['details'] = {}): Outcome {
  if (!(error instanceof NetworkProblem)) throw error
  return single(error.kind === 'local' ? 'unknown' : 'fail', error.message, error.hint, { details })
}

/** What there is to measure of an exchange, and to remark on its time and its certificate. */
export function judgeExchange(config: WebConfig, { phases, totalMs, certificateEndsAt, now, preset }: { readonly phases: HttpPhases; readonly totalMs: number; readonly certificateEndsAt: number | null; /** Wall time. */ readonly now: number; readonly preset?: Levels | undefined }): { readonly measures: readonly Measure[]; readonly remarks: readonly (Remark | null)[] } {
  const time = judge({ name: 'time', value: totalMs, unit: 'ms', levels: readLevels(config.responseTime, 'ms', preset), bad: 'above', min: 0, say: (value) => `answered in ${value}`, recommendation: slowest(phases) })
  if (certificateEndsAt === null) return { measures: [time.measure], remarks: [time.remark] }
  const certificate = judgeCertificate({ endsAt: certificateEndsAt, now, levels: readLevels(config.insecure === true ? 'off' : config.certificate, 'ms', CERTIFICATE_LEVELS), whose: 'the certificate' })
  // Who takes any certificate has said that its end does not matter; the figure stays.
  return { measures: [time.measure, certificate.measure], remarks: [time.remark, config.insecure === true ? null : certificate.remark] }
}

const PHASE_WORDS: Readonly<Record<Exclude<keyof HttpPhases, 'total'> | 'body', string>> = {
  dns: 'resolving the name: see the name servers',
  tcp: 'connecting: see the network between, and how many connections wait to be accepted',
  tls: 'the TLS handshake: see the load of the server and the network between',
  firstByte: 'waiting for the first byte: see the load of the service, its database and its upstream',
  body: 'receiving the body: see its size and the network between',
}

function slowest(phases: HttpPhases): string {
  const known = { dns: phases.dns ?? 0, tcp: phases.tcp ?? 0, tls: phases.tls ?? 0, firstByte: phases.firstByte ?? 0 }
  const body = phases.total - Object.values(known).reduce((sum, ms) => sum + ms, 0)
  const [name, ms] = Object.entries({ ...known, body }).reduce((most, each) => (each[1] > most[1] ? each : most))
  return `${showDuration(ms)} of it went into ${PHASE_WORDS[name as keyof typeof PHASE_WORDS]}` // the names are the table's
}

/** Phases in the documented manner of details. */
export function showPhases({ dns, tcp, tls, firstByte, total }: HttpPhases): Readonly<Record<string, number | null>> {
  const rounded = (ms: number | null): number | null => (ms === null || !Number.isFinite(ms) ? null : Math.round(ms * 1_000) / 1_000)
  return { dnsMs: rounded(dns), tcpMs: rounded(tcp), tlsMs: rounded(tls), firstByteMs: rounded(firstByte), totalMs: rounded(total) }
}

/** An outcome that says that the certificate was not looked at, where it was not. */
export function saying({ insecure }: WebConfig, url: URL, outcome: Outcome): Outcome {
  return insecure === true && url.protocol === 'https:' ? { ...outcome, message: `${outcome.message} (certificate not verified)` } : outcome
}
