import { setTimeout as sleep } from 'node:timers/promises'
import type { Moment } from '../../analysis/moment.ts'
import type { Host } from '../../host.ts'
import { UserError } from '../../model/error.ts'
import type { Feed, FeedState } from '../../model/feed.ts'
import type { Program } from '../../model/process.ts'
import type { ProcessTable } from '../../model/snapshot.ts'
import { createCellScreen } from './cell-screen.ts'
import type { ColorDepth } from './color-depth.ts'
import { clockTime, paintFigures, processOf } from './dialogs/figures.ts'
import type { Effect } from './effect.ts'
import { trackFeed, type AlarmLog, type FeedTrack, type TickHistory } from './feed-track.ts'
import { createInkStreams } from './ink-streams.ts'
import type { Key } from './key.ts'
import { dialogSize, paintOverlay } from './overlay.ts'
import { watchOwnUsage } from './own-usage.ts'
import { createPalette } from './palette.ts'
import type { Screen, TableRow } from './screen.ts'
import type { DialogTexts, Shell } from './shell.tsx'
import type { Surface } from './surface.ts'
import { openTerminal } from './terminal.ts'
import { createTyping } from './typing.ts'
import type { Dialog, View } from './view.ts'

/** What a key may depend on beside the view. */
export interface PressContext {
  readonly screen: Screen
  /** Ticks that are known of the feed that is shown. */
  readonly length: number
  readonly feeds: number
  readonly canSignal: boolean
  readonly hasSpeed: boolean
  readonly columns: number
  readonly rows: number
}

/** What of a view the rows of the table depend on. */
export type RowsView = Pick<View, 'filter' | 'sort' | 'reversed' | 'tree'>

export interface TopOptions {
  readonly host: Host
  /** At least one. */
  readonly feeds: readonly Feed[]
  readonly paint: (surface: Surface, screen: Screen) => void
  readonly reduce: (view: View, key: Key, context: PressContext) => { readonly view: View; readonly effects: readonly Effect[] }
  readonly view: View
  /** What a tick of the feed that is shown does to the view; `length` counts it in. */
  readonly tick: (view: View, length: number) => View
  readonly tableRows: (table: ProcessTable | null, view: RowsView) => readonly TableRow[]
  readonly createHistory: () => TickHistory
  readonly createAlarms: () => AlarmLog
  readonly depth: ColorDepth
  readonly unicode: boolean
  readonly mouse: boolean
  /** How far back the history may reach, ticks. */
  readonly capacity: number
  readonly texts: DialogTexts
  /** Saves what is known of the feed that is shown, with the time between two looks now; says in a line where to. Throws UserError. */
  readonly save?: ((track: FeedTrack, intervalMs: number) => Promise<string>) | undefined
  /** Whether what is seen is being recorded. */
  readonly isRecording?: (() => boolean) | undefined
}

/** Ink is imported once the first tick is on the screen, or after this time: it takes the processor for a third of a second. */
const FIRST_TICK_MS = 150
const CLOCK_MS = 1_000
const NOTICE_MS = 5_000
/** How long feeds may take to close, once the terminal has been given back. */
const CLOSE_MS = 500
/** How long the end waits for a recording that is being saved. */
const SAVE_MS = 5_000
const TITLES: Readonly<Record<Dialog['kind'], string>> = { help: 'Keys', filter: 'Filter', details: 'Process', signal: 'Send a signal', alerts: 'Alerts' }

/** Shows feeds on the whole terminal until somebody ends it; resolves with `quit`, the name of a signal, or `gone`, and with the feed that was shown last. Rejects with what was thrown on the way, the terminal restored. */
export async function openTop(options: TopOptions): Promise<{ readonly reason: string; readonly feed: number }> {
  const { host, unicode } = options
  let finish: (reason: string) => void = () => undefined
  let fail: (error: unknown) => void = () => undefined
  const ended = new Promise<string>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  let isOver = false
  /** Whoever calls (a feed, a timer, Ink) has no use for an error of ours: the terminal is given back, and `openTop` rejects with it. */
  const guarded = (action: () => void): void => {
    if (isOver) return
    try {
      action()
    } catch (error) {
      terminal.close()
      fail(error)
    }
  }
  const usage = watchOwnUsage(host)
  let view = options.view
  let paintedAt = Number.NEGATIVE_INFINITY
  let shell: Shell | undefined
  let pending: NodeJS.Immediate | undefined
  let tickPainted: () => void = () => undefined
  const firstTick = new Promise<void>((resolve) => {
    tickPainted = resolve
  })

  const terminal = openTerminal(host, options, {
    redraw: () => {
      cells.resize(terminal.columns, terminal.rows)
      shown = null
      schedule()
    },
    ready: () => schedule(),
    input: (text) => guarded(() => typing.push(text)),
    ended: (reason) => finish(reason),
  })
  const cells = createCellScreen(terminal.columns, terminal.rows, { palette: createPalette(options.depth), unicode })
  const streams = createInkStreams(terminal.columns, terminal.rows)
  const typing = createTyping((sequence) => guarded(() => streams.type(sequence)), () => view.dialog?.kind === 'filter')

  /** By our own clock: that of an instance may be wrong. */
  const arrivals: number[] = []
  const tracks = options.feeds.map((feed, index): FeedTrack => trackFeed(feed, options.createHistory(), options.createAlarms(), {
    ticked: () => {
      arrivals[index] = host.wallTime().getTime()
      if (index !== view.feed) return
      view = options.tick(view, track().history.length)
      schedule()
    },
    changed: () => {
      if (index !== view.feed) return
      tellEnd()
      schedule()
    },
    guarded,
  }))
  const track = (): FeedTrack => tracks[view.feed] ?? tracks[0] ?? noFeed()

  let rowsOf: { readonly table: ProcessTable | null; readonly view: View; readonly rows: readonly TableRow[] } | undefined
  const screenNow = (): Screen => {
    const { feed, history, facts, state, alarms } = track()
    const moment: Moment | null = history.moment(Math.min(view.back, Math.max(0, history.length - 1)))
    const table = moment?.processes ?? null
    if (rowsOf?.table !== table || !hasSameRows(rowsOf.view, view)) rowsOf = { table, view, rows: options.tableRows(table, view) }
    const wall = host.wallTime()
    return {
      moment, view, facts, rows: rowsOf.rows, alarms, self: usage(), now: wall.getTime(), zoneMinutes: -wall.getTimezoneOffset(), recording: options.isRecording?.() ?? false, reachMs: options.capacity * view.intervalMs,
      feed: { name: feed.name, kind: feed.kind, state, index: view.feed, of: tracks.length, newestAt: arrivals[view.feed] ?? Number.NaN },
    }
  }

  const paint = (): void => {
    pending = undefined
    if (isOver || !terminal.isReady) return
    if (view.notice && view.notice.until <= host.wallTime().getTime()) view = { ...view, notice: null }
    const screen = screenNow()
    cells.clear()
    options.paint(cells.surface, screen)
    layDialogOut(screen)
    if (view.dialog && shell) paintOverlay(cells.surface, streams.lines, TITLES[view.dialog.kind], paintFigures(screen))
    terminal.write(cells.frame())
    paintedAt = host.now()
    if (screen.moment) tickPainted()
  }
  /** One picture for all that happens in a turn of the event loop. */
  const schedule = (): void => {
    pending ??= setImmediate(() => guarded(paint))
  }

  let shown: { readonly dialog: Dialog | null; readonly program: Program | null; readonly alarms: number } | null = null
  /** Lets Ink lay out a dialog that is another than before; ticks are none of its business. */
  const layDialogOut = (screen: Screen): void => {
    const { dialog } = view
    const process = dialog?.kind === 'details' || dialog?.kind === 'signal' ? processOf(screen, dialog.process) : null
    const program = process?.program ?? null
    const alarms = dialog?.kind === 'alerts' ? screen.alarms.length : 0
    if (!shell || (shown?.dialog === dialog && shown.alarms === alarms && isSameProgram(shown.program, program))) return
    shown = { dialog, program, alarms }
    const size = dialogSize(terminal.columns, terminal.rows)
    streams.resize(size.width, size.height)
    shell.show(dialog && { dialog, program, startedText: startedText(program?.startedAt ?? Number.NaN, screen), alarms, texts: options.texts, ...size, unicode })
  }

  const notice = (text: string, tone: 'ok' | 'fail'): void => {
    view = { ...view, notice: { text, tone, until: host.wallTime().getTime() + NOTICE_MS } }
    schedule()
  }
  const told = new Set<FeedState>()
  /** That nothing more will come of the feed that is shown, and why: until a key is pressed, because nobody may be looking when it ends. */
  const tellEnd = (): void => {
    const { state, history } = track()
    if (state.kind !== 'ended' || history.length === 0 || told.has(state)) return
    told.add(state)
    view = { ...view, notice: { text: state.reason, tone: state.isIncomplete ? 'fail' : 'warn', until: Number.POSITIVE_INFINITY } }
  }
  const explain = (error: unknown): void => {
    if (!(error instanceof UserError)) throw error
    notice(error.message, 'fail')
  }
  let saving: Promise<void> | undefined
  const effects: { readonly [Kind in Effect['kind']]: (effect: Extract<Effect, { readonly kind: Kind }>) => void } = {
    quit: () => finish('quit'),
    suspend: () => terminal.suspend(),
    redraw: () => cells.invalidate(),
    save: () => {
      // Two at a time would be written to one file, which is named after the second.
      saving ??= options.save?.(track(), view.intervalMs).then((text) => notice(text, 'ok'), explain).catch((error: unknown) => guarded(() => rethrow(error))).finally(() => {
        saving = undefined
      })
    },
    signal: ({ pid, startedAt, signal }) => {
      const send = track().feed.signal
      try {
        if (!send) return notice('processes of another system cannot be sent signals', 'fail')
        send(pid, startedAt, signal)
        notice(`${signal} sent to ${pid}`, 'ok')
      } catch (error) {
        explain(error)
      }
    },
    interval: ({ ms }) => options.feeds.forEach((feed) => feed.setInterval(ms)),
    speed: ({ direction }) => {
      const speed = track().feed.faster?.(direction)
      if (speed !== undefined) notice(`speed x${speed}`, 'ok')
    },
  }
  // The table above takes each effect by its own kind.
  const perform = (effect: Effect): void => (effects[effect.kind] as (effect: Effect) => void)(effect)

  let wantsProcesses = true
  let paused: Feed | undefined
  const follow = (): void => {
    const wants = !view.hidden.has('processes')
    if (wants !== wantsProcesses) for (const feed of options.feeds) feed.setProcesses(wants)
    wantsProcesses = wants
    // What is played stands still while somebody looks at an instant of it.
    const still = view.frozen ? track().feed : undefined
    if (still !== paused) {
      paused?.pause?.(false)
      still?.pause?.(true)
    }
    paused = still
    tellEnd()
  }
  const press = (key: Key): void => {
    const { length } = track().history
    const { columns, rows } = terminal
    if (view.notice?.until === Number.POSITIVE_INFINITY) view = { ...view, notice: null }
    const next = options.reduce(view, key, { screen: screenNow(), length, feeds: tracks.length, canSignal: track().feed.signal !== undefined, hasSpeed: track().feed.faster !== undefined, columns, rows })
    view = next.view
    follow()
    for (const effect of next.effects) perform(effect)
    schedule()
  }

  const clock = setInterval(() => {
    if (host.now() - paintedAt >= CLOCK_MS - 10) schedule()
  }, CLOCK_MS)
  try {
    paint()
    follow()
    for (const each of tracks) each.start()
    await Promise.race([firstTick, sleep(FIRST_TICK_MS), ended])
    const { openShell } = await import('./shell.tsx')
    if (!isOver) shell = openShell(streams, { key: (key) => guarded(() => press(key)), closed: (error) => (error === undefined ? terminal.close() : guarded(() => rethrow(error))) })
    return { reason: await ended, feed: view.feed }
  } finally {
    isOver = true
    terminal.close()
    clearInterval(clock)
    clearImmediate(pending)
    typing.close()
    shell?.close()
    await Promise.race([saving, sleep(SAVE_MS, undefined, { ref: false })])
    await Promise.race([Promise.allSettled(options.feeds.map((feed) => feed.close())), sleep(CLOSE_MS, undefined, { ref: false })])
  }
}

/** Whether the same processes stand in the same order in both; most keys change neither. */
function hasSameRows(a: RowsView, b: RowsView): boolean {
  return a.filter === b.filter && a.sort === b.sort && a.reversed === b.reversed && a.tree === b.tree
}

/** Whether a dialog would say the same of both; a remote feed makes new objects with every tick. */
function isSameProgram(a: Program | null, b: Program | null): boolean {
  return a === b || (a !== null && b !== null && a.pid === b.pid && a.startedAt === b.startedAt && a.name === b.name && a.command === b.command)
}

function rethrow(error: unknown): never {
  throw error
}

function noFeed(): never {
  throw new RangeError('there is no feed to show')
}

function startedText(at: number, { now, zoneMinutes }: Screen): string {
  if (!Number.isFinite(at)) return 'not known'
  const day = new Date(at + zoneMinutes * 60_000).toISOString().slice(0, 10)
  const isToday = day === new Date(now + zoneMinutes * 60_000).toISOString().slice(0, 10)
  return `${isToday ? '' : `${day} `}${clockTime(at, zoneMinutes)}`
}
