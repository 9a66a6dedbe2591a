import type { Library, MediaItem } from './library.ts'
import { invalid, readPage, readQuery } from './input.ts'
import type { Call, Route } from './route.ts'

/** Looking through titles, file names, types, genres and tags. */
export function searchRoutes(library: Library): Route[] {
  const matching = (test: (haystack: string) => boolean): MediaItem[] => library.media.filter((_, index) => test(library.haystacks[index] ?? ''))

  function search(call: Call): object {
    const words = readTerm(call)
    return answer(call, words, matching((haystack) => haystack.includes(words)))
  }

  function advanced(call: Call): object {
    const term = readTerm(call)
    const values = readValues(term)
    return answer(call, term, matching((haystack) => values.length === 0 || values.some((value) => haystack.includes(value))))
  }

  return [
    { method: 'GET', url: '/api/v1/media/search', about: 'media by ?q= or ?query=', token: 'checked', dbMs: 1.5, handle: search },
    { method: 'GET', url: '/api/v1/search', about: 'the same', token: 'checked', dbMs: 1.5, handle: search },
    { method: 'GET', url: '/api/v1/search/advanced', about: 'media by ?q= with field:value, AND and OR (any matching value will do)', token: 'checked', dbMs: 4, handle: advanced },
  ]
}

function readTerm(call: Call): string {
  const term = readQuery(call, 'q') ?? readQuery(call, 'query')
  if (term === undefined || term.trim() === '') throw invalid('say what to search for with ?q= or ?query=')
  if (term.length > 500) throw invalid('q must have at most 500 characters')
  return term.trim().toLowerCase()
}

/** `tags:photo OR name:"holiday"` -> photo, holiday; comparisons (`size:>1000`) match everything and are left out. */
function readValues(term: string): string[] {
  return term
    .split(/\s+(?:and|or)\s+/)
    .map((clause) => clause.replace(/^[\w.]+:/, '').replaceAll(/["*]/g, ''))
    .filter((value) => value !== '' && !/^[<>]/.test(value))
}

function answer(call: Call, query: string, found: readonly MediaItem[]): object {
  const { data, pagination } = readPage(call, found)
  return { query, results: data, total: found.length, pagination }
}
