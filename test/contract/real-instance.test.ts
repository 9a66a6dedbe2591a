import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { openAuditLog } from '../../src/api/server/audit-log.ts'
import { startServer, type ApiServer } from '../../src/api/server/server.ts'
import { openRemoteFeed } from '../../src/api/remote-feed.ts'
import { openRemoteInstance } from '../../src/api/remote-instance.ts'
import { openLocalFeed } from '../../src/sources/local-feed.ts'
import { KNOWN_TOKENS, OPEN, TOKENS } from '../api/server/start.ts'
import { describeInstance, type As } from './instance-suite.ts'
import { describeRealInstance } from './real-suite.ts'
import { openRealSystem, type RealSystem } from './real-system.ts'

/** The server of `serve` before the system, on a port of its own. */
function serve({ resident }: RealSystem): Promise<ApiServer> {
  const log = openAuditLog({ level: 'silent', file: null, write: () => undefined, now: () => performance.now() })
  return startServer(resident, { ...OPEN, tokens: KNOWN_TOKENS, rateLimit: 'off' }, { now: () => performance.now(), wallTime: () => new Date(), log, bootId: randomBytes(4).toString('hex'), tls: null })
}

const remotely = (server: ApiServer, as: As) => ({ url: server.url, token: TOKENS[as], timeoutMs: 10_000, now: () => performance.now(), wallTime: () => Date.now(), random: () => 0.5 })

describeInstance('this machine', async () => {
  const system = await openRealSystem()
  const feed = await openLocalFeed(system.host, { intervalMs: 1_000, processes: false })
  return {
    instance: system.resident, feed,
    close: async () => {
      await feed.close()
      await system.close()
    },
  }
}, { guards: false })

describeInstance('this machine over HTTP', async (as) => {
  const system = await openRealSystem()
  const server = await serve(system)
  const instance = openRemoteInstance(remotely(server, as))
  const feed = openRemoteFeed({ ...remotely(server, as), intervalMs: 1_000 })
  return {
    instance, feed,
    close: async () => {
      await Promise.all([instance.close(), feed.close()])
      await server.close()
      await system.close()
    },
  }
}, { guards: true })

describeRealInstance('this machine', async () => {
  const system = await openRealSystem()
  return { system, admin: system.resident, user: system.resident, close: () => system.close() }
})

describeRealInstance('this machine over HTTP', async () => {
  const system = await openRealSystem()
  const server = await serve(system)
  const [admin, user] = [openRemoteInstance(remotely(server, 'admin')), openRemoteInstance(remotely(server, 'user'))]
  return {
    system, admin, user,
    close: async () => {
      await Promise.all([admin.close(), user.close()])
      await server.close()
      await system.close()
    },
  }
})
