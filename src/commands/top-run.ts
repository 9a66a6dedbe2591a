import { UserError } from '../model/error.ts'
import type { Feed } from '../model/feed.ts'
import type { Report } from '../model/report.ts'
import type { Context } from './command.ts'
import type { TOP_FLAGS } from './top.ts'

/** The context of `top`. */
export type TopContext = Context<typeof TOP_FLAGS>

const INTERVAL_MS = 1_000
/** Formats that are written look by look; the others want one whole. */
const STREAMS = ['human', 'ndjson']

/** Shows feeds on the terminal, or prints a line for each look where there is no terminal. */
export async function* runTop(context: TopContext): AsyncGenerator<Report> {
  const { host, flags, stdout } = context
  host.staySmall()
  const { speed, replay, count, once } = flags
  if (speed !== undefined && replay === undefined) throw stray('--speed', 'it belongs to --replay')
  if (once && count !== undefined) throw stray('--count', '--once prints one look')
  const isScreen = stdout.format === 'human' && !once && count === undefined && host.stdout.isTerminal && host.stdin.isTerminal && host.env['TERM'] !== 'dumb'
  const intervalMs = flags.interval ?? INTERVAL_MS
  const feeds = await openFeeds(context, intervalMs, isScreen ? (flags.hide ?? []).includes('processes') === false : true)
  const recording = flags.record === undefined ? undefined : await (await import('./top-record.ts')).recordTo(host, flags.record, intervalMs)
  const shown = recording ? feeds.map((feed) => recording.tap(feed)) : feeds
  try {
    if (isScreen) {
      const { showTop } = await import('./top-screen.ts')
      yield* showTop(context, shown, intervalMs)
    } else {
      const { printTop } = await import('./top-lines.ts')
      yield* printTop(context, onlyOne(shown), { intervalMs, most: once || !STREAMS.includes(stdout.format) ? 1 : (count ?? Number.POSITIVE_INFINITY), asLines: !once && stdout.format === 'human' })
    }
  } finally {
    const words = await recording?.close()
    if (words !== undefined) await context.note(words)
  }
}

async function openFeeds({ host, flags, instances, global }: TopContext, intervalMs: number, processes: boolean): Promise<readonly Feed[]> {
  const asked = await instances()
  if (flags.replay !== undefined) {
    if (asked.length > 0) throw stray('--replay', 'an instance is asked with --url, a recording is not')
    const { openReplay } = await import('../sources/recording/replay.ts')
    return [await openReplay(host.files.resolve(flags.replay), { speed: flags.speed ?? 1, now: () => host.now() })]
  }
  if (asked.length === 0) {
    const { openLocalFeed } = await import('../sources/local-feed.ts')
    return [await openLocalFeed(host, { intervalMs, processes })]
  }
  const { openInstanceFeed } = await import('./feed-sources.ts')
  return Promise.all(asked.map((instance) => openInstanceFeed(host, instance, global.timeoutMs, { intervalMs, processes })))
}

function onlyOne(feeds: readonly Feed[]): Feed {
  const [feed] = feeds
  if (!feed || feeds.length > 1) throw new UserError({ code: 'ONE_INSTANCE', kind: 'usage', message: `${feeds.length} instances can be shown on a terminal only`, hint: 'name one --url, or start one process for each' })
  return feed
}

function stray(flag: string, why: string): UserError {
  return new UserError({ code: 'USAGE', kind: 'usage', message: `${flag} means nothing here: ${why}` })
}
