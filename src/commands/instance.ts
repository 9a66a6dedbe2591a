import type { Config } from '../config.ts'
import type { Host } from '../host.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import type { GlobalValues } from './global.ts'

/** An instance that is asked over HTTP. The token is in no report, log or error. */
export interface Instance {
  /** An http(s) address without a slash at its end; `http://` may have been left out. */
  readonly url: string
  readonly token: string | null
}

type Note = (text: string) => Promise<void>

/** Finds the instances that flags, environment or configuration name, in that order; none for this machine. Throws UserError `INVALID_URL`, `TOKEN_FILE` or `INVALID_TOKEN`. */
export async function findInstances(host: Host, config: Config, global: GlobalValues, note: Note): Promise<readonly Instance[]> {
  const given = global.url ?? (config.instance.url === undefined ? [] : [config.instance.url])
  if (given.length === 0) {
    const flag = global.token === undefined ? global.tokenFile === undefined ? undefined : '--token-file' : '--token'
    if (flag === undefined) return []
    throw new UserError({ code: 'NO_INSTANCE', kind: 'usage', message: `${flag} is for an instance, and none is named`, hint: 'name it with --url http://host:port, MEDIANEST_API_URL or instance.url in the configuration' })
  }
  const urls = given.map(readAddress)
  const token = await findToken(host, config, global, note)
  for (const url of urls) if (token !== null && url.protocol === 'http:' && !isLoopback(url.hostname)) await note(`warning: the token goes to ${url.host} unencrypted; use https where others can listen`)
  return urls.map((url) => ({ url: url.href.replace(/\/+$/, ''), token }))
}

/** The one instance of a command that can ask no more; null for this machine. Throws UserError `ONE_INSTANCE`. */
export function oneInstance(instances: readonly Instance[]): Instance | null {
  if (instances.length > 1) throw new UserError({ code: 'ONE_INSTANCE', kind: 'usage', message: `only one instance can be asked here, and ${instances.length} are named`, hint: 'medianest-perf top shows several on a terminal' })
  return instances[0] ?? null
}

/** Refuses what names an instance where the command cannot ask one; environment and configuration may name one for others. Throws UserError `NOT_REMOTE`. */
export function refuseInstance(command: string, global: GlobalValues, able: readonly string[]): void {
  const flag = global.url !== undefined ? '--url' : global.tokenFile !== undefined ? '--token-file' : global.token !== undefined ? '--token' : undefined
  if (flag === undefined) return
  throw new UserError({
    code: 'NOT_REMOTE', kind: 'usage', message: `${command} cannot ask an instance, so ${flag} means nothing to it`,
    hint: `${able.join(', ')} can`,
  })
}

function readAddress(text: string): URL {
  const refuse = (message: string): UserError => new UserError({ code: 'INVALID_URL', kind: 'usage', message, hint: 'write it like http://nas:4000' })
  let url: URL
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`)
  } catch {
    throw refuse(`${shown(text)} is no address of an instance`)
  }
  if (url.username !== '' || url.password !== '') throw new UserError({ code: 'INVALID_URL', kind: 'usage', message: 'the address of the instance must not hold a name or password', hint: 'give the token with --token-file or MEDIANEST_TOKEN' })
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse(`${shown(text)} is no http(s) address`)
  if (url.search !== '' || url.hash !== '') throw refuse('the address of the instance must not hold a query')
  return url
}

/** An address that cannot be read may still hold a password or token, of which nothing is repeated. */
function shown(text: string): string {
  return /[@?#]/.test(text) ? 'what was given' : `"${plain(text, 100)}"`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

async function findToken(host: Host, config: Config, global: GlobalValues, note: Note): Promise<string | null> {
  if (global.token !== undefined) {
    await note('warning: --token can be read by everybody in the list of processes; --token-file or MEDIANEST_TOKEN cannot')
    return readToken(global.token, '--token')
  }
  if (global.tokenFile !== undefined) return readTokenFile(host, global.tokenFile, note)
  const token = host.env['MEDIANEST_TOKEN']
  if (token !== undefined && token !== '') return readToken(token, 'MEDIANEST_TOKEN')
  return config.instance.tokenFile === undefined ? null : readTokenFile(host, config.instance.tokenFile, note)
}

async function readTokenFile({ files }: Host, path: string, note: Note): Promise<string> {
  const [text, isOpen] = await Promise.all([files.read(path), files.isOpenToOthers(path)]).catch((error: unknown) => {
    throw new UserError({ code: 'TOKEN_FILE', kind: 'input', message: `the token file ${plain(path)} cannot be read (${error instanceof Error ? error.message : String(error)})`, hint: 'check its path and its owner' })
  })
  if (isOpen) await note(`warning: the token file ${plain(path)} may be read by others; chmod 600 keeps it private`)
  return readToken(text, `the token file ${plain(path)}`)
}

/** A token as a header can carry it. */
function readToken(text: string, from: string): string {
  const token = text.trim()
  const refuse = (what: string): UserError => new UserError({ code: 'INVALID_TOKEN', kind: 'input', message: `${from} ${what}`, hint: 'it should hold one token and nothing else' })
  if (token === '') throw refuse('is empty')
  if (token.length > 16_384) throw refuse('is longer than a token can be')
  if (!/^[\x21-\x7e]+$/.test(token)) throw refuse('holds something that is no token: blanks, several lines or characters beyond ASCII')
  return token
}
