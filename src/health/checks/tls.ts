import type { ConfigOf } from '../../health-schema/schema.ts'
import type { Measure, Outcome } from '../../model/health.ts'
import { showDuration } from '../../model/unit.ts'
import { readAuthority } from '../../services/authority.ts'
import { certificateTroubles, firstToEnd, showDay, type Certificate } from '../../services/certificate.ts'
import { showEndpoint } from '../../services/problem.ts'
import { connectTls, type Handshake } from '../../services/tls.ts'
import { CERTIFICATE_LEVELS, judgeCertificate, showDays } from '../certificate-time.ts'
import { readLevels } from '../levels.ts'
import type { Look } from '../look.ts'
import { inTime } from '../patience.ts'
import { outcomeOf, single, type Remark } from '../remark.ts'
import { problemOutcome } from '../web-client.ts'

type Config = ConfigOf<'tls'>

/** Shakes hands with a server and judges its certificate and the chain behind it. */
export const look: Look<'tls'> = (config, context) => inTime(context, async (patience) => {
  const ca = config.ca === undefined ? undefined : await readAuthority(config.ca, context.world)
  try {
    const handshake = await connectTls({ host: config.host, port: config.port ?? 443, serverName: config.serverName, ca, patience })
    handshake.socket.destroy()
    return judge(config, handshake, context.world.wallTime().getTime())
  } catch (error) {
    return problemOutcome(error)
  }
})

function judge(config: Config, handshake: Handshake & { readonly address: string; readonly tcpMs: number; readonly dnsMs: number | null }, now: number): Outcome {
  const { chain, protocol, cipher, address, distrust } = handshake
  const [own] = chain
  const endpoint = showEndpoint(config.host, config.port ?? 443)
  if (own === undefined) return single('fail', `${endpoint} shows no certificate`, 'see the configuration of the server')
  const ending = firstToEnd(chain) ?? own
  const { measure, remark } = judgeCertificate({ endsAt: ending.validTo, now, levels: readLevels(config.remaining, 'ms', CERTIFICATE_LEVELS), whose: ending === own ? 'the certificate' : `the certificate of ${ending.subject}, on which it hangs,` })
  const isOver = ending.validTo <= now
  const troubles = certificateTroubles(handshake, config.serverName ?? config.host)
    .filter(({ kind }) => !(isOver && kind === 'expired') && !(config.selfSigned === true && (kind === 'self-signed' || kind === 'distrusted')))
    .map(({ text, hint }): Remark => ({ verdict: 'fail', text: `the certificate ${text}`, recommendation: hint }))
  const old = chain.filter(({ isStale }) => isStale).map(({ subject, validTo }): Remark => ({ verdict: 'warn', text: `the chain that is sent has a certificate that expired on ${showDay(validTo)} (${subject})`, recommendation: 'let the server send the chain of today: older clients stumble over it' }))
  const time: Measure = { name: 'time', value: handshake.tcpMs + handshake.tlsMs, unit: 'ms', min: 0 }
  const note = config.selfSigned === true && (distrust !== null || own.isSelfSigned) ? ', not signed by anybody known' : ''
  return outcomeOf({
    fine: `valid for ${showDays(ending.validTo - now)} more, until ${showDay(ending.validTo)}, from ${own.issuer}${note}; ${protocol} in ${showDuration(time.value)}`,
    remarks: [remark, ...troubles, ...old],
    measures: [measure, time],
    responseTimeMs: (handshake.dnsMs ?? 0) + time.value,
    details: { ...show(own), protocol, cipher, address, chain: chain.map(show) },
  })
}

function show({ subject, issuer, validFrom, validTo }: Certificate): Readonly<Record<string, string | null>> {
  const time = (at: number): string | null => (Number.isFinite(at) ? new Date(at).toISOString() : null)
  return { subject, issuer, validFrom: time(validFrom), validTo: time(validTo) }
}
