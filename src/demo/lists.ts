import { timestamp, type Clock } from './clock.ts'
import { readObject, readPage, readText } from './input.ts'
import type { MediaList } from './library.ts'
import { notFound, refusal } from './refusal.ts'
import type { Call, Route } from './route.ts'
import type { Shelf } from './shelf.ts'

/** Playlists or collections: the seeded ones belong to everybody, created ones to their user. */
export function listRoutes({ noun, token, seeded, created, clock }: {
  readonly noun: 'playlist' | 'collection'
  /** Whether reading needs a token; creating and deleting always do. */
  readonly token: 'needed' | 'checked'
  readonly seeded: readonly MediaList[]
  readonly created: Shelf<MediaList>
  readonly clock: Clock
}): Route[] {
  const url = `/api/v1/${noun}s`
  let lastId = seeded.length

  function find({ params: { id = '' }, user }: Call): MediaList {
    const number = Number(id)
    const found = String(number) === id ? seeded[number - 1] ?? created.get(number) : undefined
    if (!found || (found.ownerId !== 0 && found.ownerId !== user.id)) throw notFound(noun, id)
    return found
  }

  function create(call: Call): object {
    const body = readObject(call)
    const data: MediaList = { id: lastId + 1, name: readText(body, 'name'), description: readText(body, 'description', ''), ownerId: call.user.id, mediaIds: [], createdAt: timestamp(clock) }
    created.put(++lastId, data)
    return { id: data.id, data }
  }

  function remove(call: Call): undefined {
    const { id, ownerId } = find(call)
    if (ownerId === 0) throw refusal(403, 'FORBIDDEN', `${noun} ${id} belongs to everybody; delete only what you created`)
    created.remove(id)
  }

  return [
    { method: 'GET', url, about: `your ${noun}s, the newest first, and everybody's`, token, dbMs: 0.6, handle: (call) => readPage(call, [...created.list().filter((list) => list.ownerId === call.user.id), ...seeded]) },
    { method: 'POST', url, about: `a new ${noun}: name, description`, token: 'needed', status: 201, dbMs: 1, handle: create },
    { method: 'GET', url: `${url}/:id`, about: `one ${noun}`, token, dbMs: 0.2, handle: (call) => ({ data: find(call) }) },
    { method: 'DELETE', url: `${url}/:id`, about: `deletes a ${noun} of yours`, token: 'needed', status: 204, dbMs: 0.8, handle: remove },
  ]
}
