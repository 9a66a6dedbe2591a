import type { SecretText } from '../health-schema/parts.ts'
import { readPostgresTarget, type PostgresParts, type PostgresTarget } from './postgres-target.ts'
import { readSecret, type SecretWorld } from './secret.ts'

/** Certificates and a key in PEM. */
export interface PostgresPem {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** A server as a configuration names it; secrets may be elsewhere. */
export interface PostgresWords extends Pick<PostgresParts, 'host' | 'port' | 'database' | 'user'> {
  readonly url?: SecretText | undefined
  readonly password?: SecretText | undefined
}

/** A server and what is needed to be let in. */
export interface PostgresPlace {
  readonly target: PostgresTarget
  readonly pem: PostgresPem
}

/** Reads where a server is, with its secrets and certificates. Throws what `readPostgresTarget` throws, and UserError `NO_SECRET`. */
export async function readPostgresPlace({ url, host, port, database, user, password }: PostgresWords, world: SecretWorld): Promise<PostgresPlace> {
  const target = readPostgresTarget({ url: await readSecret(url, world), host, port, database, user, password: await readSecret(password, world) }, world.env)
  const { ca, cert, key } = target.certificates
  const read = (file: string | undefined): Promise<string | undefined> => readSecret(file === undefined ? undefined : { file }, world)
  return { target, pem: { ca: await read(ca), cert: await read(cert), key: await read(key) } }
}
