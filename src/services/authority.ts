import { X509Certificate } from 'node:crypto'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import type { SecretWorld } from './secret.ts'

/** The text of a file of certificates. Throws UserError `INVALID_CA`. */
export async function readAuthority(file: string, world: Pick<SecretWorld, 'readFile' | 'resolve'>): Promise<string> {
  const invalid = (why: string): UserError => new UserError({ code: 'INVALID_CA', kind: 'input', message: `${plain(file)} (ca) ${why}`, hint: 'it should be a file of certificates in PEM, beginning with -----BEGIN CERTIFICATE-----' })
  const pem = await world.readFile(world.resolve(file)).catch((error: unknown) => {
    throw invalid(`cannot be read: ${error instanceof Error ? plain(error.message) : 'for no known reason'}`)
  })
  try {
    void new X509Certificate(pem)
  } catch {
    throw invalid('holds no certificate')
  }
  return pem
}
