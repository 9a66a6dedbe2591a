import { Alarms } from '../analysis/alarms.ts'
import { History } from '../analysis/history.ts'
import type { Host } from '../host.ts'
import type { Feed } from '../model/feed.ts'
import { UserError } from '../model/error.ts'
import type { Report } from '../model/report.ts'
import { colorDepth } from '../tui/top/color-depth.ts'
import type { FeedTrack } from '../tui/top/feed-track.ts'
import type { Filter } from '../tui/top/filter.ts'
import { KEYS } from '../tui/top/key-table.ts'
import { openTop, type PressContext } from '../tui/top/open.ts'
import { disks } from '../tui/top/panes/disk.ts'
import { interfaceCount } from '../tui/top/panes/network.ts'
import { dialogSize } from '../tui/top/overlay.ts'
import { processRows, processTop } from '../tui/top/panes/processes.ts'
import { arrange, contents, paintTop } from '../tui/top/picture.ts'
import { PROCESS_SIGNALS } from '../tui/top/process-signals.ts'
import { reduce } from '../tui/top/reduce.ts'
import type { Screen } from '../tui/top/screen.ts'
import { tick } from '../tui/top/scrub.ts'
import { keepInSight } from '../tui/top/selection.ts'
import { startView } from '../tui/top/start-view.ts'
import type { KeyContext, Step } from '../tui/top/step.ts'
import type { Surface } from '../tui/top/surface.ts'
import { tableRows } from '../tui/top/table.ts'
import { PANES, type PaneName, type View } from '../tui/top/view.ts'
import type { Key } from '../tui/top/key.ts'
import type { FeedLook } from './snapshots.ts'
import type { TopContext } from './top-run.ts'

/** Ten minutes at the usual interval. */
const TICKS = 600

/** What the screen shows of feeds. */
export interface ShowTerms {
  readonly intervalMs: number
  readonly filter: Filter | null
  readonly isRecording: () => boolean
}

/** Shows feeds on the whole terminal until somebody ends it; the report is of the last look, for files beside the screen. */
export async function* showTop({ host, flags, stdout }: TopContext, feeds: readonly Feed[], { intervalMs, filter, isRecording }: ShowTerms): AsyncGenerator<Report> {
  const startedAt = host.wallTime()
  const unicode = stdout.unicode && !flags.ascii
  const view = startView({
    intervalMs, tree: flags.tree ?? false, filter,
    ...(flags.sort === undefined ? {} : { sort: flags.sort }),
    ...(flags.hide === undefined ? {} : { hidden: new Set<PaneName>(flags.hide) }),
  })
  const looks = feeds.map(keepLast)
  const { feed: shown } = await openTop({
    host, feeds: looks.map(({ feed }) => feed), unicode, mouse: flags.mouse ?? false, depth: colorDepth(host.env, { color: stdout.color, platform: host.machine.platform }), capacity: TICKS,
    view, isRecording,
    createHistory: () => new History(TICKS),
    createAlarms: () => new Alarms(),
    tableRows: (table, view) => tableRows(table, view, unicode),
    paint, reduce: press, tick,
    texts: { keys: KEYS, signals: PROCESS_SIGNALS },
    save: (track, ms) => save(host, track, ms),
  })
  const last = looks[shown]
  if (!last) return
  const [{ topReport }, { nothingReport }] = await Promise.all([import('./top-report.ts'), import('./metrics-report.ts')])
  const { feed, known } = last
  const whole = known.look
    ? topReport(known.look, { host, feed, intervalMs, startedAt, looks: 1, isLast: true, isOneOfMany: false, interrupted: undefined, rowsOf: (table) => tableRows(table, view, unicode).map(({ process }) => process) })
    : nothingReport(feed, host, startedAt, 'top')
  // Whoever looked has judged; ending it is no failure, whatever was in sight.
  yield { ...whole, text: '', verdict: 'ok' }
}

/** A feed of which the last look is kept. */
function keepLast(feed: Feed): { readonly feed: Feed; readonly known: { look: FeedLook | null } } {
  const known: { look: FeedLook | null } = { look: null }
  let facts: FeedLook['facts'] = null
  const start: Feed['start'] = (listener) => feed.start({
    ...listener,
    facts: (news) => {
      facts = news
      if (known.look) known.look = { ...known.look, facts }
      listener.facts(news)
    },
    snapshot: (snapshot) => {
      known.look = { snapshot, facts, alerts: [] }
      listener.snapshot(snapshot)
    },
  })
  return { feed: { ...feed, start }, known }
}

/** The table has moved under the selection since the view was made: the picture follows it. */
function paint(surface: Surface, screen: Screen): void {
  const places = arrange(surface.width, surface.height, screen)
  paintTop(surface, { ...screen, view: keepInSight(screen.view, screen.rows, processRows(places.processes ?? NOWHERE)) }, places)
}

const NOWHERE = { width: 0, height: 0 }

function press(view: View, key: Key, { screen, length, feeds, canSignal, hasSpeed, columns, rows }: PressContext): Step {
  const { moment } = screen
  const place = arrange(columns, rows, screen).processes
  const shown = moment ? contents(moment, screen) : {}
  const context: KeyContext = {
    rows: screen.rows, pageRows: processRows(place ?? NOWHERE), tableTop: place ? processTop(place) : undefined, length, feeds, canSignal, hasSpeed, alarms: screen.alarms.length, dialog: dialogSize(columns, rows),
    has: new Set(PANES.filter((pane) => shown[pane] !== undefined)), now: screen.now,
    interfaces: moment ? interfaceCount(moment) : 0, disks: moment ? disks(moment, 0).length : 0,
  }
  return reduce(keepInSight(view, screen.rows, context.pageRows), key, context)
}

/** Writes what is known of a feed to a new file in the working directory. */
async function save(host: Host, { feed, history, facts }: FeedTrack, intervalMs: number): Promise<string> {
  if (history.length === 0) throw new UserError({ code: 'NOTHING_TO_SAVE', kind: 'input', message: 'nothing to save yet' })
  const [{ pastSnapshots }, { createRecordingFile }, { createRecorder }, { factsOf }, { VERSION }] = await Promise.all([
    import('../analysis/past.ts'), import('../sources/recording/file.ts'), import('../sources/recording/recorder.ts'), import('./metrics-report.ts'), import('../version.ts'),
  ])
  const path = `top-${host.wallTime().toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')}.ndjson.gz`
  const file = await createRecordingFile(host.files, path)
  const recorder = createRecorder({ write: (text) => file.write(text), facts: facts ?? factsOf(host, feed), version: VERSION, startedAt: history.moment(history.length - 1)?.at ?? host.wallTime().getTime(), intervalMs, mostWaiting: Infinity })
  try {
    for (const snapshot of pastSnapshots(history)) recorder.push(snapshot)
    await recorder.close()
  } finally {
    await file.close()
  }
  return `${recorder.ticks} ticks saved to ${path}: top --replay ${path}`
}
