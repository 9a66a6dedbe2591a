import { timestamp, type Clock } from './clock.ts'
import { invalid, readObject, readPage, readQuery, readText } from './input.ts'
import type { Library, MediaRequest } from './library.ts'
import { notFound } from './refusal.ts'
import type { Call, Route } from './route.ts'
import type { Shelf } from './shelf.ts'

/** What is remembered of an upload. */
export interface Upload {
  readonly id: number
  readonly filename: string
  readonly mimeType: string
  readonly sizeBytes: number
  readonly ownerId: number
  readonly createdAt: string
}

/** The library, uploads to it and wishes for it. Lists show the seeded media alone, so that their size does not depend on the load. */
export function mediaRoutes({ library, uploads, requests, clock }: {
  readonly library: Library
  readonly uploads: Shelf<Upload>
  readonly requests: Shelf<MediaRequest>
  readonly clock: Clock
}): Route[] {
  const types = [...new Set(library.media.map((item) => item.type))]
  const ofType = new Map(types.map((type) => [type, library.media.filter((item) => item.type === type)]))
  let lastUpload = library.media.length
  let lastRequest = library.requests.length

  function list(call: Call): object {
    const type = readQuery(call, 'type')
    const chosen = type === undefined ? library.media : ofType.get(type)
    if (!chosen) throw invalid(`type must be one of ${types.join(', ')}`)
    return readPage(call, chosen)
  }

  function detail({ params: { id = '' } }: Call): object {
    // Only the one way to write a number: 7, not 07 or 7.0.
    const number = Number(id)
    const found = String(number) === id ? library.media[number - 1] ?? uploads.get(number) : undefined
    if (!found) throw notFound('media item', id)
    return { data: found }
  }

  function ofUser(call: Call): object {
    const { id = '' } = call.params
    if (!library.users.some((user) => String(user.id) === id)) throw notFound('user', id)
    return readPage(call, library.media.filter((item) => String(item.ownerId) === id))
  }

  function upload(call: Call): object {
    const described = typeof call.body === 'number'
      ? { filename: 'upload.bin', mimeType: 'application/octet-stream', sizeBytes: call.body }
      : readMetadata(readObject(call))
    const data: Upload = { id: ++lastUpload, ...described, ownerId: call.user.id, createdAt: timestamp(clock) }
    uploads.put(data.id, data)
    return { id: data.id, data }
  }

  function request(call: Call): object {
    const body = readObject(call)
    const { tmdbId = '', mediaType = 'movie' } = body
    if (mediaType !== 'movie' && mediaType !== 'tv') throw invalid('mediaType must be movie or tv')
    if (typeof tmdbId !== 'string' && typeof tmdbId !== 'number') throw invalid('tmdbId must be a number or a text')
    const title = readText(body, 'title')
    const data: MediaRequest = { id: ++lastRequest, title, mediaType, tmdbId: String(tmdbId).slice(0, 100), status: 'pending', requestedBy: call.user.id, createdAt: timestamp(clock) }
    requests.put(data.id, data)
    return { id: data.id, data }
  }

  const open = 'checked'
  return [
    { method: 'GET', url: '/api/v1/media', about: 'the library: ?page=, ?limit=, ?type=', token: open, dbMs: 0.6, handle: list },
    { method: 'GET', url: '/api/media', about: 'the same', token: open, dbMs: 0.6, handle: list },
    { method: 'GET', url: '/api/v1/media/:id', about: 'one item; ids are 1 to 500 and those of uploads', token: open, dbMs: 0.2, handle: detail },
    { method: 'GET', url: '/api/media/user/:id', about: "one user's media; ids are 1 to 50", token: open, dbMs: 0.5, handle: ofUser },
    { method: 'GET', url: '/api/v1/media/requests', about: 'wishes for media, the newest first', token: open, dbMs: 0.6, handle: (call) => readPage(call, [...requests.list(), ...library.requests]) },
    { method: 'POST', url: '/api/v1/media/requests', about: 'a wish: title, mediaType, tmdbId', token: open, status: 201, dbMs: 1, handle: request },
    { method: 'POST', url: '/api/v1/media/request', about: 'the same', token: open, status: 201, dbMs: 1, handle: request },
    { method: 'POST', url: '/api/v1/media/upload', about: 'metadata as JSON (filename, size, mimeType), or up to 10 MB of anything', token: open, status: 201, dbMs: 2, anyBody: true, handle: upload },
  ]
}

function readMetadata(body: Readonly<Record<string, unknown>>): Pick<Upload, 'filename' | 'mimeType' | 'sizeBytes'> {
  const { size = 0 } = body
  if (typeof size !== 'number' || !(size >= 0)) throw invalid('size must be a number of bytes')
  return { filename: readText(body, 'filename'), mimeType: readText(body, 'mimeType', 'application/octet-stream'), sizeBytes: size }
}
