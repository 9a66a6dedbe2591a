import { ENDPOINTS, type EndpointName } from '../../contract/endpoints.ts'
import { PAGES, STREAMS } from '../../contract/streams.ts'
import type { RouteRule } from './permission.ts'

/** What a route of the contract is, for those who stand before it. */
export interface ServedRoute extends RouteRule {
  readonly method: string
  readonly path: string
  /** Strangers are let in where browsers may tell their measurements without a token. */
  readonly takesFromAll: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    served?: ServedRoute
  }
}

/** A path of the contract as the router writes it: `{id}` is `:id`. */
export function routerPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** The rule of an endpoint on one of its paths. */
export function servedEndpoint(name: EndpointName, path: string): ServedRoute {
  const { method, role } = ENDPOINTS[name]
  return { method, path, role: name === 'metrics' ? 'user' : role, changes: method !== 'GET', takesFromAll: name === 'submit' }
}

const METHODS: ReadonlyMap<string, readonly string[]> = methodsByPath()

function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  const add = (path: string, ...more: string[]): void => void methods.set(path, [...(methods.get(path) ?? []), ...more])
  for (const { method, paths } of Object.values(ENDPOINTS)) for (const path of paths) add(path, ...(method === 'GET' ? ['GET', 'HEAD'] : [method]))
  for (const { path } of Object.values(STREAMS)) add(path, 'GET', 'HEAD')
  for (const { paths } of Object.values(PAGES)) for (const path of paths) add(path, 'GET', 'HEAD')
  return methods
}

const PATTERNS = [...METHODS].map(([path, methods]) => ({ pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`), methods }))

/** The methods of a path; none for a path nobody knows. */
export function methodsOf(path: string): readonly string[] {
  return [...new Set(PATTERNS.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))]
}
