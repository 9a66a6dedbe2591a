import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { seesAll } from '../../contract/instance.ts'
import { checked } from '../../contract/read-question.ts'
import { STREAMS } from '../../contract/streams.ts'
import type { LiveHub } from './live-hub.ts'
import type { LoadTestHub } from './load-test-hub.ts'
import { routerPath } from './route-rule.ts'
import type { StreamClient } from './stream-client.ts'
import type { ServerSettings } from './settings.ts'
import type { Reader, StreamRoom } from './stream-room.ts'
import { callerOf, visitOf } from './visit.ts'

/** What streams come from. */
export interface Streaming {
  readonly room: StreamRoom
  readonly settings: Pick<ServerSettings, 'maxStreams' | 'maxStreamsEach'>
  readonly live: LiveHub
  readonly loadTests: LoadTestHub
}

type Join = (client: StreamClient, lastEventId: string | undefined) => { leave(): void }

/** Puts the streams on their paths. */
export function serveStreams(app: FastifyInstance, { room, live, loadTests, settings }: Streaming): void {
  const begins: { readonly [Name in keyof typeof STREAMS]: (request: FastifyRequest) => Promise<Join> } = {
    live: async (request) => {
      const question = checked(STREAMS.live.query, request.query, 'query')
      return (client, lastEventId) => live.join(question, callerOf(request), client, lastEventId)
    },
    loadTest: async (request) => {
      const { testId } = checked(STREAMS.loadTest.params, request.params, 'path')
      const test = await loadTests.follow(testId)
      return (client, lastEventId) => test.join(client, lastEventId)
    },
  }
  for (const name of Object.keys(STREAMS) as (keyof typeof STREAMS)[]) { // The names of the table are its keys.
    const { path, role } = STREAMS[name]
    const config = { served: { method: 'GET', path, role, changes: false, takesFromAll: false } }
    app.head(routerPath(path), { config }, (_request, reply) => reply.type('text/event-stream; charset=utf-8').send())
    app.get(routerPath(path), { config, exposeHeadRoute: false }, async (request, reply) => {
      const who = readerOf(request, settings)
      room.expectRoom(who)
      const join = await begins[name](request)
      // While the beginning was waited for, others may have come.
      room.expectRoom(who)
      stream(request, reply, room, who, join)
      return reply
    })
  }
}

/** Of a user; whoever may read everything may also take all the room there is. */
const USUAL_OF_USER = 50

function readerOf(request: FastifyRequest, { maxStreams, maxStreamsEach }: Streaming['settings']): Reader {
  const { key = '', expiresAt = null } = visitOf(request) ?? {}
  return { key, expiresAt, most: maxStreamsEach ?? (seesAll(callerOf(request)) ? maxStreams : USUAL_OF_USER) }
}

function stream(request: FastifyRequest, reply: FastifyReply, room: StreamRoom, who: Reader, join: Join): void {
  const { raw } = reply
  const visit = visitOf(request)
  if (visit) visit.isStream = true
  reply.hijack()
  if (raw.destroyed) return
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
  const given = request.headers['last-event-id']
  // Nobody can have gone before this turn of the loop is over.
  const client = room.open(raw, who, () => joined.leave())
  const joined = join(client, typeof given === 'string' && given !== '' ? given : undefined)
}
