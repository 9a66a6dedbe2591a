import { UserError } from '../model/error.ts'
import type { Feed } from '../model/feed.ts'
import type { Report } from '../model/report.ts'
import type { Context } from './command.ts'
import type { FeedWish } from './feed-sources.ts'
import type { Instance } from './instance.ts'
import { STREAMS, type TOP_FLAGS } from './top.ts'
import { fromFirstWhole } from './whole-feed.ts'

/** The context of `top`. */
export type TopContext = Context<typeof TOP_FLAGS>

const INTERVAL_MS = 1_000

/** Shows feeds on the terminal, or prints a line for each look where there is no terminal. */
export async function* runTop(context: TopContext): AsyncGenerator<Report> {
  const { host, flags, stdout } = context
  host.staySmall()
  const { replay, count, once } = flags
  const isScreen = stdout.format === 'human' && !once && count === undefined && host.stdout.isTerminal && host.stdin.isTerminal && host.env['TERM'] !== 'dumb'
  refuseStrayFlags(flags, isScreen, stdout.format)
  // All that can be wrong on the command line is found out before a file is made.
  const filter = flags.filter === undefined ? null : (await import('../tui/top/filter-parser.ts')).parseFilter(flags.filter)
  if (replay !== undefined && context.global.namesInstance) throw stray('--replay', '--url and a token are for an instance, and a recording is none', 'leave one of them out')
  // What the environment or the configuration name is for when nothing else was asked for.
  const asked = replay === undefined ? await context.instances() : []
  if (asked.length > 1 && !isScreen) throw oneOnly(`${asked.length} instances can be shown on a terminal only`)
  if (asked.length > 1 && flags.record !== undefined) throw oneOnly('a recording holds one system, and several are named')
  const isOneLook = once === true || !STREAMS.includes(stdout.format)
  const wantedMs = flags.interval ?? INTERVAL_MS
  const startedAt = host.wallTime()
  const opening = openFeeds(context, asked, { intervalMs: wantedMs, processes: !isScreen || !(flags.hide ?? []).includes('processes'), isOneLook })
  // A recording that comes through a pipe may be waited for in vain.
  const feeds = await Promise.race([opening, whenAborted(host.interrupts.drain)])
  if (feeds === null) {
    const { nothingReport } = await import('./metrics-report.ts')
    yield nothingReport({ name: flags.replay ?? host.machine.name }, host, startedAt, 'top')
    return
  }
  const intervalMs = feeds[0]?.intervalMs ?? wantedMs
  const recording = flags.record === undefined ? undefined : await (await import('./top-record.ts')).recordTo(host, flags.record, intervalMs)
  const told = isScreen ? feeds : feeds.map((feed) => fromFirstWhole(feed, intervalMs))
  const shown = recording ? told.map((feed) => recording.tap(feed)) : told
  try {
    if (isScreen) {
      const { showTop } = await import('./top-screen.ts')
      yield* showTop(context, shown, { intervalMs, filter, isRecording: () => recording?.isWriting() ?? false })
    } else {
      const { printTop } = await import('./top-lines.ts')
      for (const feed of shown) yield* printTop(context, feed, filter, { intervalMs, most: isOneLook ? 1 : (count ?? Number.POSITIVE_INFINITY), asLines: !once && stdout.format === 'human', onlyLast: isOneLook && feed.kind === 'recording' })
    }
  } finally {
    const words = await recording?.close()
    if (words !== undefined) await context.note(words)
  }
}

function whenAborted(signal: AbortSignal): Promise<null> {
  return new Promise((done) => (signal.aborted ? done(null) : signal.addEventListener('abort', () => done(null), { once: true })))
}

async function openFeeds({ host, config, flags, global }: TopContext, asked: readonly Instance[], { isOneLook, ...wish }: FeedWish & { readonly isOneLook: boolean }): Promise<readonly Feed[]> {
  if (flags.replay !== undefined) {
    const { openReplay } = await import('../sources/recording/replay.ts')
    return [await openReplay(host.files.resolve(flags.replay), {
      // The one look that is shown of a recording is its last.
      speed: isOneLook ? Number.POSITIVE_INFINITY : (flags.speed ?? 1),
      now: () => host.now(), zoneMinutes: -host.wallTime().getTimezoneOffset(),
    })]
  }
  if (asked.length === 0) {
    const { openLocalFeed } = await import('../sources/local-feed.ts')
    return [await openLocalFeed(host, wish)]
  }
  const { openInstanceFeed } = await import('./feed-sources.ts')
  return Promise.all(asked.map((instance) => openInstanceFeed(host, instance, global.timeoutMs ?? config.instance.timeoutMs, wish)))
}

/** Flags of the screen alone: lines have no panes, no branches and no mouse, and ASCII is a matter of the locale there. */
const OF_SCREEN = ['tree', 'hide', 'ascii', 'mouse'] as const

function refuseStrayFlags(flags: TopContext['flags'], isScreen: boolean, format: string): void {
  const { speed, replay, count, once, interval } = flags
  if (speed !== undefined && replay === undefined) throw stray('--speed', 'it belongs to --replay', 'name a recording with --replay, or leave it out')
  if (speed !== undefined && (once || !STREAMS.includes(format))) throw stray('--speed', 'of a recording its last look is shown', 'leave it out, or use --format ndjson for all of them')
  if (interval !== undefined && replay !== undefined) throw stray('--interval', 'a recording has the interval it was made with', 'use --speed to see it faster')
  if (once && count !== undefined) throw stray('--count', '--once prints one look', 'leave one of them out')
  if (count !== undefined && !STREAMS.includes(format)) throw stray('--count', `${format} is one look`, 'use --format ndjson for several, or leave it out')
  const shown = isScreen ? undefined : OF_SCREEN.find((name) => flags[name] !== undefined)
  if (shown !== undefined) throw stray(`--${shown}`, 'it is for the screen, and looks are printed', 'leave it out, or run top on a terminal without --once, --count and --format')
}

function oneOnly(message: string): UserError {
  return new UserError({ code: 'ONE_INSTANCE', kind: 'usage', message, hint: 'name one --url, or start one process for each' })
}

function stray(flag: string, why: string, hint: string): UserError {
  return new UserError({ code: 'USAGE', kind: 'usage', message: `${flag} means nothing here: ${why}`, hint })
}
