import type { DetailedPeerCertificate } from 'node:tls'
import { plain } from '../model/text.ts'

const LONGEST_CHAIN = 10

/** One certificate of a chain; texts are untrusted. */
export interface Certificate {
  readonly subject: string
  readonly issuer: string
  /** Milliseconds since 1970. */
  readonly validFrom: number
  readonly validTo: number
  readonly isSelfSigned: boolean
  /** It has ended and nothing depends on it: a leftover beside a chain that is trusted without it. */
  readonly isStale: boolean
}

/** The names a certificate is for, those in front. */
export function namesOf({ subjectaltname, subject }: { readonly subjectaltname?: string | undefined; readonly subject?: { readonly CN?: string | readonly string[] } | undefined }): string {
  const listed = (subjectaltname ?? '').split(', ').map((each) => each.replace(/^(DNS|IP Address|URI):/, '')).filter(Boolean)
  const shown = listed.slice(0, 4).join(', ') + (listed.length > 4 ? ` and ${listed.length - 4} more` : '')
  return plain(shown || [subject?.CN ?? 'no name'].flat().join(', '), 200)
}

/** From the server's own to the root, as far as it is known. */
export function chainOf(first: DetailedPeerCertificate, isTrusted: boolean): Certificate[] {
  const chain: Certificate[] = []
  const seen = new Set<string>()
  let next: DetailedPeerCertificate | undefined = first
  while (next !== undefined && Object.keys(next).length > 0 && chain.length < LONGEST_CHAIN && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256)
    const subject = nameOf(next.subject)
    const issuer = nameOf(next.issuer)
    const validTo = Date.parse(next.valid_to)
    // OpenSSL trusts no way through a certificate that has ended, so there is another one.
    const isStale = isTrusted && chain.length > 0 && validTo <= Date.now()
    chain.push({ subject, issuer, validFrom: Date.parse(next.valid_from), validTo, isStale, isSelfSigned: JSON.stringify(next.subject) === JSON.stringify(next.issuer) })
    // Missing where the server did not send it, whatever its type says.
    next = next.issuerCertificate
  }
  return chain
}

function nameOf(name: Readonly<Record<string, string | readonly string[] | undefined>> | undefined): string {
  const { CN, O, OU } = name ?? {}
  return plain([CN ?? O ?? OU ?? 'without a name'].flat().join(', '), 100)
}

/** The certificate of the chain that ends first, of those that count; undefined where the chain is empty. */
export function firstToEnd(chain: readonly Certificate[]): Certificate | undefined {
  return chain.filter(({ isStale }) => !isStale).reduce<Certificate | undefined>((first, each) => (first === undefined || each.validTo < first.validTo ? each : first), undefined)
}

/** Milliseconds since 1970 as a day: `2026-11-21`. */
export function showDay(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : 'no known day'
}

/** What OpenSSL's codes mean (X509_STORE_CTX_get_error(3)); those that need a name or a day are in `trouble`. */
const DISTRUST: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'is signed by an authority nobody here trusts',
  UNABLE_TO_GET_ISSUER_CERT: 'is signed by an authority nobody here knows',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is signed by an authority nobody here knows, or the server does not send the certificates between',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is signed by an authority nobody here knows, or the server does not send the certificates between',
  CERT_REVOKED: 'has been revoked',
  CERT_UNTRUSTED: 'is not trusted for this use',
  CERT_REJECTED: 'is marked as rejected',
  INVALID_CA: 'is signed by one that is no authority',
  INVALID_PURPOSE: 'is not meant for a server',
  PATH_LENGTH_EXCEEDED: 'has a longer chain than its authority allows',
  CERT_CHAIN_TOO_LONG: 'has too long a chain',
  CERT_SIGNATURE_FAILURE: 'has a signature that is wrong',
}

const SIGNED_BY_STRANGERS = /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_)/

/** Something that is wrong with a certificate. */
export interface CertificateTrouble {
  /** `distrusted` where nobody knows who signed it, `unfit` where whoever that is makes no difference. */
  readonly kind: 'expired' | 'early' | 'self-signed' | 'distrusted' | 'unfit' | 'other-name'
  /** Goes on after "the certificate of HOST". */
  readonly text: string
  readonly hint: string
}

/** What a handshake showed of a certificate. */
export interface Judgement {
  /** From the server's own to the root, as far as it is known. */
  readonly chain: readonly Certificate[]
  /** OpenSSL's word for what is wrong with the chain (`CERT_HAS_EXPIRED`); null where it is trusted. */
  readonly distrust: string | null
  /** The names the certificate is for, where the one asked for is not among them. */
  readonly otherNames: string | null
}

/** All that is wrong with the certificate of a handshake; nothing where it is trusted and for the right name. */
export function certificateTroubles({ distrust, otherNames, chain }: Judgement, name: string): CertificateTrouble[] {
  const troubles: CertificateTrouble[] = []
  const [own] = chain
  if (distrust === 'CERT_HAS_EXPIRED') {
    const ended = firstToEnd(chain)
    const isOwn = ended === own
    troubles.push({ kind: 'expired', text: isOwn ? `expired on ${showDay(own?.validTo ?? Number.NaN)}` : `hangs on that of ${ended?.subject ?? 'an authority'}, which expired on ${showDay(ended?.validTo ?? Number.NaN)}`, hint: isOwn ? 'renew it, see why it was not renewed by itself, and reload the server' : 'let the server send the renewed chain' })
  } else if (distrust === 'CERT_NOT_YET_VALID') {
    const early = Math.max(...chain.map(({ validFrom }) => validFrom))
    troubles.push({ kind: 'early', text: `is not valid before ${showDay(early)}`, hint: 'check the clocks of this machine and of the one that made it' })
  } else if (distrust !== null) {
    const isSelfSigned = distrust === 'DEPTH_ZERO_SELF_SIGNED_CERT'
    const by = isSelfSigned || own === undefined ? '' : ` (${own.issuer})`
    troubles.push({ kind: isSelfSigned ? 'self-signed' : SIGNED_BY_STRANGERS.test(distrust) ? 'distrusted' : 'unfit', text: `${DISTRUST[distrust] ?? `cannot be trusted (${plain(distrust, 80)})`}${by}`, hint: isSelfSigned ? 'get one from an authority, or name its file with ca' : 'let the server send the whole chain, or name the file of the authority with ca (the system\'s are often in /etc/ssl/certs/ca-certificates.crt)' })
  }
  if (otherNames !== null) troubles.push({ kind: 'other-name', text: `is for ${otherNames}, not for ${plain(name, 253)}`, hint: 'ask for it by a name it has, or get one with this name' })
  return troubles
}
