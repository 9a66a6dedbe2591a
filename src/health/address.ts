import type { CheckConfig } from '../health-schema/schema.ts'

/** A check whose address has a password (of HTTP also a user, who may be a token), with it apart, so that the address can be shown; one that is given apart already weighs more. */
export function withoutPassword(config: CheckConfig): CheckConfig {
  if ((config.type !== 'http' && config.type !== 'postgres' && config.type !== 'redis') || typeof config.url !== 'string' || !hasSecret(config.url)) return config
  const url = new URL(config.url)
  const [user, password] = [decode(url.username), url.password === '' && config.type !== 'http' ? (url.searchParams.get('password') ?? '') : decode(url.password)]
  if (user === undefined || password === undefined) return config
  url.password = ''
  if (config.type === 'http') {
    url.username = ''
    return { ...config, url: url.href, user: config.user ?? user, ...(password !== '' && { password: config.password ?? password }) }
  }
  if (url.searchParams.has('password')) url.searchParams.delete('password')
  return { ...config, url: url.href, password: config.password ?? password }
}

/** Whether an address has a secret in it: a password, of HTTP also a user; of a database's also among its parameters, where libpq takes one. */
export function hasSecret(address: string): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  if (url.protocol.startsWith('http')) return url.username !== '' || url.password !== ''
  return url.password !== '' || (url.searchParams.get('password') ?? '') !== ''
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
