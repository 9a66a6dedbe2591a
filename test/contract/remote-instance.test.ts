import { performance } from 'node:perf_hooks'
import { openRemoteFeed } from '../../src/api/remote-feed.ts'
import { openRemoteInstance } from '../../src/api/remote-instance.ts'
import { describeInstance } from './instance-suite.ts'
import { startStandIn, TOKENS } from './stand-in.ts'

describeInstance('an instance over HTTP', async (as) => {
  const server = await startStandIn()
  const options = { url: server.url, token: TOKENS[as], timeoutMs: 5_000, now: () => performance.now(), wallTime: () => Date.now(), random: () => 0.5 }
  const instance = openRemoteInstance(options)
  const feed = openRemoteFeed({ ...options, intervalMs: 1_000 })
  return {
    instance, feed,
    close: async () => {
      await Promise.all([instance.close(), feed.close()])
      await server.close()
    },
  }
}, { guards: true })
