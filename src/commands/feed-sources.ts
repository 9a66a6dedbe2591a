import type { Answer } from '../contract/instance.ts'
import type { Host } from '../host.ts'
import type { Feed } from '../model/feed.ts'
import type { Finding } from '../model/finding.ts'
import type { Snapshot, SystemFacts } from '../model/snapshot.ts'
import type { UserMetrics } from '../model/web-metrics.ts'
import type { Context } from './command.ts'
import { oneInstance, type Instance } from './instance.ts'

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
  /** Where an instance offers no such question, what stands beside its other metrics will do. */
  readonly orOfMetrics?: boolean | undefined
  /** Of what is measured here: time between the two looks that rates are of, milliseconds. */
  readonly intervalMs?: number | undefined
}

/** What is known of an application. */
export interface ApplicationFigures extends Pick<Snapshot, 'samples' | 'application'> {
  /** What is wrong with the looking itself. */
  readonly findings?: readonly Finding[] | undefined
  /** What an instance says in the documented words. */
  readonly told?: Pick<Answer<'application'>, 'data' | 'meta'> | null | undefined
  /** What is to be said of where the figures come from. */
  readonly notes?: readonly string[] | undefined
}

/** Where figures come from: this machine, or the instance that was named. */
export interface FeedSources {
  openFeed(wish: FeedWish): Promise<Feed>
  /** One look, where it needs no feed: an instance has its own rates. */
  readonly lookOnce?: (() => Promise<{ readonly snapshot: Snapshot; readonly facts: SystemFacts; /** What the instance says of the answer itself. */ readonly note?: string }>) | undefined
  /** Asks an instance, or the sources of the configuration, for the application's figures; absent where there is neither. */
  readonly askApplication?: ((question: ApplicationQuestion) => Promise<ApplicationFigures>) | undefined
  /** Asks for what its users' browsers told; absent where there is none to ask. */
  readonly askUsers?: ((signal: AbortSignal) => Promise<UserMetrics>) | undefined
}

/** For one answer of an instance, milliseconds. */
const TIMEOUT_MS = 10_000

/** This machine, or the instance that flags, environment and configuration name. Throws UserError. */
export async function openSources({ host, config, instances, global }: Pick<Context, 'host' | 'config' | 'instances' | 'global'>): Promise<FeedSources> {
  const asked = oneInstance(await instances())
  if (asked === null) {
    const { openLocalFeed } = await import('../sources/local-feed.ts')
    const section = config.collect
    return {
      openFeed: (wish) => openLocalFeed(host, wish),
      askApplication: (section?.file.sources ?? []).some(({ enabled }) => enabled !== false) && section
        ? async (question) => (await import('./application-sources.ts')).askSources(host, section, question, global.timeoutMs)
        : undefined,
    }
  }
  const { fetchSnapshot, fetchApplication, fetchUserMetrics } = await import('../api/one-look.ts')
  const timeoutMs = global.timeoutMs ?? config.instance.timeoutMs
  const client = clientOf(host, asked, timeoutMs)
  return {
    openFeed: (wish) => openInstanceFeed(host, asked, timeoutMs, wish),
    lookOnce: () => fetchSnapshot(client, host.interrupts.drain),
    askApplication: (question) => fetchApplication(client, question, host.interrupts.drain),
    askUsers: (signal) => fetchUserMetrics(client, signal),
  }
}

/** An instance as a feed. */
export async function openInstanceFeed(host: Host, instance: Instance, timeoutMs: number | undefined, { intervalMs, processes }: FeedWish): Promise<Feed> {
  const { openRemoteFeed } = await import('../api/remote-feed.ts')
  const feed = openRemoteFeed({ ...clientOf(host, instance, timeoutMs), intervalMs, random: () => host.seed() / 2 ** 32 })
  feed.setProcesses(processes)
  return feed
}

function clientOf(host: Host, instance: Instance, timeoutMs = TIMEOUT_MS): Instance & { readonly timeoutMs: number; now(): number; wallTime(): number } {
  return { ...instance, timeoutMs, now: () => host.now(), wallTime: () => host.wallTime().getTime() }
}
