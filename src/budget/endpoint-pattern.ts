import type { ResponseCategory } from '../analysis/response-targets.ts'
import type { OfPattern } from '../model/budget.ts'

/** Endpoints of the server, by the segments that their paths have. */
export const ENDPOINT_SEGMENTS = {
  health: ['health', 'healthz', 'healthcheck', 'health-check', 'ready', 'readyz', 'live', 'livez', 'ping', 'status'],
  authentication: ['auth', 'authentication', 'login', 'logout', 'oauth', 'oauth2', 'session', 'sessions', 'token', 'tokens'],
  search: ['search'],
  media: ['media', 'media-requests', 'requests', 'movies', 'shows', 'playlists', 'collections'],
  dashboard: ['dashboard', 'home'],
  admin: ['admin'],
  files: ['upload', 'uploads', 'download', 'downloads', 'file', 'files', 'stream', 'thumbnail', 'thumbnails', 'image', 'images', 'poster', 'posters'],
} as const

/** How segments are looked for: one of them anywhere in the path, before a query. */
const anywhere = (names: readonly string[]): string => `[^?#]*/(?:${names.join('|')})(?:[/?#]|$)`
const without = (...lists: readonly (readonly string[])[]): string => lists.map((names) => `(?!${anywhere(names)})`).join('')

const METHOD = '^(?:[A-Z]+ )?(?:https?://[^/]+)?'
const regexp = (pattern: string): OfPattern => ({ syntax: 'regexp', pattern: `${METHOD}${pattern}` })

/** Which endpoints a kind is of where nobody says it; the first of admin, authentication, search, dashboard, media that fits has it. */
export const CATEGORY_PATTERNS: Readonly<Record<ResponseCategory, OfPattern>> = {
  admin: regexp(anywhere(ENDPOINT_SEGMENTS.admin)),
  authentication: regexp(`${without(ENDPOINT_SEGMENTS.admin)}${anywhere(ENDPOINT_SEGMENTS.authentication)}`),
  search: regexp(`${without(ENDPOINT_SEGMENTS.admin, ENDPOINT_SEGMENTS.authentication)}${anywhere(ENDPOINT_SEGMENTS.search)}`),
  dashboard: regexp(`${without(ENDPOINT_SEGMENTS.admin, ENDPOINT_SEGMENTS.authentication, ENDPOINT_SEGMENTS.search)}${anywhere(ENDPOINT_SEGMENTS.dashboard)}`),
  media: regexp(`${without(ENDPOINT_SEGMENTS.admin, ENDPOINT_SEGMENTS.authentication, ENDPOINT_SEGMENTS.search, ENDPOINT_SEGMENTS.dashboard)}${anywhere(ENDPOINT_SEGMENTS.media)}`),
}

/** Which endpoints each response time of a backend is of where nobody says it; `dataQueries` are those of the API that are none of the others. */
export const BACKEND_PATTERNS = {
  healthCheck: regexp(anywhere(ENDPOINT_SEGMENTS.health)),
  authentication: regexp(anywhere(ENDPOINT_SEGMENTS.authentication)),
  fileOperations: regexp(`${without(ENDPOINT_SEGMENTS.health, ENDPOINT_SEGMENTS.authentication)}${anywhere(ENDPOINT_SEGMENTS.files)}`),
  dataQueries: regexp(`${without(ENDPOINT_SEGMENTS.health, ENDPOINT_SEGMENTS.authentication, ENDPOINT_SEGMENTS.files)}${anywhere(['api'])}`),
} as const

/** Endpoints whose path fits one of the globs: `*` within a segment, `**` across segments. A glob with a method in front is of that method alone. */
export function endpointsLike(globs: readonly string[]): OfPattern {
  const members = globs.map((glob) => {
    const [, method = '(?:[A-Z]+ )?', path = glob] = /^([A-Z]+ )(.*)$/.exec(glob) ?? []
    return `${method}(?:https?://[^/]+)?${pathPattern(path)}`
  })
  return { syntax: 'regexp', pattern: `^(?:${members.join('|')})(?:[?#].*)?$` }
}

function pathPattern(glob: string): string {
  return glob.split(/(\/\*\*\/|\*\*|\*|\?)/).map((piece) => {
    switch (piece) {
      case '/**/': return '/(?:[^?#]*/)?'
      case '**': return '[^?#]*'
      case '*': return '[^/?#]*'
      case '?': return '[^/?#]'
      default: return piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    }
  }).join('')
}
