import type { Feed } from '../model/feed.ts'
import type { Snapshot } from '../model/snapshot.ts'
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
  /** Asks for the application's figures; absent where there is no application to ask. */
  readonly askApplication?: ((question: ApplicationQuestion) => Promise<Snapshot>) | undefined
}

/** This machine, or the instance that flags, environment and configuration name. Throws UserError. */
export async function openSources({ host }: Pick<Context, 'host' | 'instance'>): Promise<FeedSources> {
  const { openLocalFeed } = await import('../sources/local-feed.ts')
  return { openFeed: (wish) => openLocalFeed(host, wish) }
}
