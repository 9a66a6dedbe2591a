import { UserError } from '../model/error.ts'
import type { InstanceHealth } from '../model/health.ts'
import { type ClientOptions, openClient } from './client.ts'
import { healthNotOffered } from './errors.ts'
import { isHealth, readHealth } from './translate/health.ts'

/** What is asked of an instance's health. */
export interface HealthQuery {
  readonly detailed: boolean
  /** Only these components; all where undefined. */
  readonly components?: readonly string[] | undefined
  /** How long the instance may take for what it asks of others, seconds. */
  readonly timeoutSeconds?: number | undefined
}

/** How an instance says it is, in whichever dialect. Throws UserError: as the client does, `NOT_OFFERED`, and `NOT_HEALTH` where something else was answered. */
export async function fetchHealth(options: ClientOptions, { detailed, components, timeoutSeconds }: HealthQuery, signal?: AbortSignal): Promise<InstanceHealth> {
  const client = openClient(options)
  const secret = options.token?.trim() || null
  const ownPage = healthPath(options.url, client.address.origin)
  const endpoint = ownPage ?? 'health'
  // An instance that reads a list otherwise than we write it would answer nothing; of several, what was not asked for is left out here.
  const asked = components?.length === 1 ? components[0] : undefined
  const query = { detailed: String(detailed), ...(timeoutSeconds === undefined ? {} : { timeout: String(Math.max(1, Math.floor(timeoutSeconds))) }), ...(asked === undefined ? {} : { components: asked }) }
  const begun = options.now()
  try {
    const body = await client.get(endpoint, query, signal, (_status, said) => isHealth(said))
    return readHealth(body, new URL(endpoint, client.address.base).href, { wallTime: options.wallTime(), responseTimeMs: options.now() - begun, components, hide: (text) => (secret === null ? text : text.replaceAll(secret, '***')) })
  } catch (error) {
    if (error instanceof UserError && error.code === 'NOT_OFFERED') throw healthNotOffered({ where: new URL(endpoint, client.address.base).href, status: Number(error.details['status']), url: options.url, isOwnPage: ownPage !== null })
    throw error
  } finally {
    await client.close()
  }
}

/** Who names a page of health itself (`/actuator/health`, `/health/ready`) or a file (`/health.json`) wants that one; null for the address of an API. */
function healthPath(url: string, origin: string): string | null {
  const path = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(url.trim()) ? url.trim() : `http://${url.trim()}`, origin).pathname
  return /\/(health|healthz|livez|readyz)(\/[\w.-]+)?\/?$|\/[^/]+\.[a-z][a-z\d]{1,4}$/i.test(path) ? path : null
}
