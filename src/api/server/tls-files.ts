import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { plain } from '../../model/text.ts'
import { badCertificate } from './errors.ts'

/** A certificate with its key, both in PEM. */
export interface TlsText {
  readonly cert: string
  readonly key: string
}

/** Reads both files and sees that they fit; `remark` is what people should know. Throws UserError `BAD_CERTIFICATE`. */
export async function readTlsFiles(paths: { readonly cert: string; readonly key: string }, world: { readonly readFile: (path: string) => Promise<string>; readonly wallTime: () => Date }): Promise<TlsText & { readonly remark: string | null }> {
  const [cert, key] = await Promise.all([readOne('serve.tls.cert', paths.cert, world), readOne('serve.tls.key', paths.key, world)])
  const parsed = parse(cert, paths.cert)
  try {
    createPrivateKey(key)
  } catch (error) {
    const locked = /ENCRYPTED/.test(key)
    throw badCertificate(`${plain(paths.key)} holds no private key in PEM${locked ? ' that can be read without a password' : ''}`, locked ? 'openssl pkey -in FILE -out PLAIN takes the password off' : `it begins with -----BEGIN PRIVATE KEY-----${error instanceof Error && /CERTIFICATE/.test(key) ? '; this is a certificate' : ''}`)
  }
  if (!parsed.checkPrivateKey(createPrivateKey(key))) throw badCertificate(`the key ${plain(paths.key)} does not belong to the certificate ${plain(paths.cert)}`, 'the first certificate of the file must be the one of this instance; those that vouch for it follow')
  try {
    createSecureContext({ cert, key, minVersion: 'TLSv1.2' })
  } catch (error) {
    throw badCertificate(`the certificate ${plain(paths.cert)} cannot be used: ${error instanceof Error ? plain(error.message) : 'for no known reason'}`, 'see what openssl x509 -in FILE -text says')
  }
  return { cert, key, remark: remarkOf(parsed, paths.cert, world.wallTime()) }
}

function parse(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw badCertificate(`${plain(path)} holds no certificate in PEM`, /PRIVATE KEY/.test(pem) ? 'this is a key: cert and key may have been mixed up' : 'it begins with -----BEGIN CERTIFICATE-----')
  }
}

function remarkOf(certificate: X509Certificate, path: string, now: Date): string | null {
  if (Date.parse(certificate.validTo) <= now.getTime()) return `the certificate ${plain(path)} has expired (${certificate.validTo}): clients will refuse it`
  if (Date.parse(certificate.validFrom) > now.getTime()) return `the certificate ${plain(path)} is not valid before ${certificate.validFrom}: clients will refuse it`
  return null
}

async function readOne(field: string, path: string, { readFile }: { readonly readFile: (path: string) => Promise<string> }): Promise<string> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why = { ENOENT: 'there is no such file', EACCES: 'this user may not read it', EISDIR: 'it is a directory' }[error.code ?? ''] ?? plain(error.message)
    throw badCertificate(`${field} ${plain(path)} cannot be read: ${why}`, 'check its path and its owner')
  })
}
