import { readObject, readOperations, readQuery, readText } from './input.ts'
import type { Library } from './library.ts'
import type { Call, Route } from './route.ts'

/** Work for a database or a queue that is only pretended: counted, never kept. */
export function operationRoutes(library: Library): Route[] {
  const byType: Record<string, { count: number; bytes: number }> = {}
  for (const { type, sizeBytes } of library.media) {
    const sum = (byType[type] ??= { count: 0, bytes: 0 })
    sum.count++
    sum.bytes += sizeBytes
  }
  const totals = { media: library.media.length, users: library.users.length, playlists: library.playlists.length, collections: library.collections.length }
  let lastNotification = 0

  function statistics(call: Call): object {
    return { data: { timeframe: readQuery(call, 'timeframe')?.slice(0, 50) ?? 'all', totals, byType } }
  }

  function bulk(call: Call): object {
    const processed = readOperations(call).length
    return { data: { processed, succeeded: processed, failed: 0 } }
  }

  function notify(call: Call): object {
    const body = readObject(call)
    readText(body, 'message')
    return { id: ++lastNotification, data: { status: 'queued', type: readText(body, 'type', 'email') } }
  }

  return [
    { method: 'GET', url: '/api/v1/analytics/media-statistics', about: 'counts and bytes by type', token: 'checked', dbMs: 6, handle: statistics },
    { method: 'POST', url: '/api/v1/bulk/operations', about: 'operations: a list of up to 10,000; nothing is kept', token: 'checked', dbMs: 8, handle: bulk },
    { method: 'POST', url: '/api/v1/transactions/execute', about: 'operations: a list of up to 10,000; nothing is kept', token: 'checked', dbMs: 3, handle: (call) => ({ data: { committed: true, operations: readOperations(call).length } }) },
    { method: 'POST', url: '/api/notifications/send', about: 'type and message; nothing is sent', token: 'checked', dbMs: 0.5, handle: notify },
  ]
}
