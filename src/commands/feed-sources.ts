import type { ClientOptions } from '../api/client.ts'
import type { Feed } from '../model/feed.ts'
import type { Snapshot, SystemFacts } from '../model/snapshot.ts'
import type { Context } from './command.ts'

/** How a feed is wanted. */
export interface FeedWish {
  readonly intervalMs: number
  /** Whether processes are looked at from the beginning. */
  readonly processes: boolean
}

/** What an instance is asked about its application; undefined leaves it to the instance. */
export interface ApplicationQuestion {
  readonly components: readonly string[] | undefined
  readonly timeRange: string | undefined
  readonly aggregation: string | undefined
}

/** Where figures come from: this machine, or the instance that was named. */
export interface FeedSources {
  openFeed(wish: FeedWish): Promise<Feed>
  /** One look, where it needs no feed: an instance has its own rates. */
  readonly lookOnce?: (() => Promise<{ readonly snapshot: Snapshot; readonly facts: SystemFacts }>) | undefined
  /** Asks for the application's figures; absent where there is no application to ask. */
  readonly askApplication?: ((question: ApplicationQuestion) => Promise<Pick<Snapshot, 'samples' | 'application'>>) | undefined
}

/** For one answer of an instance, milliseconds. */
const TIMEOUT_MS = 10_000

/** This machine, or the instance that flags, environment and configuration name. Throws UserError. */
export async function openSources({ host, instance, global }: Pick<Context, 'host' | 'instance' | 'global'>): Promise<FeedSources> {
  const asked = await instance()
  if (asked === null) {
    const { openLocalFeed } = await import('../sources/local-feed.ts')
    return { openFeed: (wish) => openLocalFeed(host, wish) }
  }
  const [{ openRemoteFeed }, { fetchSnapshot }] = await Promise.all([import('../api/remote-feed.ts'), import('../api/one-look.ts')])
  const client = { ...asked, timeoutMs: global.timeoutMs ?? TIMEOUT_MS, now: () => host.now(), wallTime: () => host.wallTime().getTime() }
  return {
    openFeed: async ({ intervalMs, processes }) => {
      const feed = openRemoteFeed({ ...client, intervalMs, random: () => host.seed() / 2 ** 32 })
      feed.setProcesses(processes)
      return feed
    },
    lookOnce: () => fetchSnapshot(client, host.interrupts.drain),
    askApplication: (question) => askApplication(client, question, host.interrupts.drain),
  }
}

async function askApplication(options: ClientOptions, { components, timeRange, aggregation }: ApplicationQuestion, signal: AbortSignal): Promise<Pick<Snapshot, 'samples' | 'application'>> {
  const [{ openClient }, { readApplication }] = await Promise.all([import('../api/client.ts'), import('../api/translate/application.ts')])
  const client = openClient(options)
  try {
    // An instance takes one component or none; of several, those that were not asked for are dropped here.
    const component = components?.length === 1 ? components[0] : undefined
    const query = Object.fromEntries(Object.entries({ component, timeRange, aggregation }).filter(([, value]) => value !== undefined)) as Record<string, string>
    return readApplication(await client.get('application', query, signal))
  } finally {
    await client.close()
  }
}
