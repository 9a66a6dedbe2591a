import type { SecretText } from '../health-schema/parts.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'

/** Where secrets are. */
export interface SecretWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Text of a file. */
  readonly readFile: (path: string) => Promise<string>
  /** The path of a file that is named in the configuration. */
  readonly resolve: (path: string) => string
}

/** The secret that is meant, without the line break at its end; undefined where there is none. It is in no outcome. Throws UserError `NO_SECRET` where its file or variable is not there. */
export async function readSecret(given: SecretText | undefined, { env, readFile, resolve }: SecretWorld): Promise<string | undefined> {
  if (given === undefined || typeof given === 'string') return given
  if ('env' in given) {
    const value = env[given.env]
    if (value === undefined || value === '') throw noSecret(`the variable ${plain(given.env, 80)} is not set`, 'set it where the check is started; cron starts with hardly any')
    return value
  }
  const text = await readFile(resolve(given.file)).catch((error: unknown) => {
    throw noSecret(`${plain(given.file)} cannot be read (${error instanceof Error ? plain(error.message) : 'for no known reason'})`, 'check its path and its owner')
  })
  const value = text.replace(/\r?\n$/, '')
  if (value === '') throw noSecret(`${plain(given.file)} is empty`, 'it should hold one secret and nothing else')
  return value
}

function noSecret(what: string, hint: string): UserError {
  return new UserError({ code: 'NO_SECRET', kind: 'input', message: `a secret is missing: ${what}`, hint })
}
