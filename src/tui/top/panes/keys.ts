import { plain } from '../../../model/text.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putFit, putPieces, widthOf } from '../painting/pieces.ts'
import type { Screen } from '../screen.ts'
import type { Surface } from '../surface.ts'

/** The keys in the order they are shown, with how gladly each stays on a narrow screen. */
const KEYS: readonly (readonly [key: string, does: string, keep: number])[] = [
  ['q', 'quit', 0], ['?', 'help', 1], ['Space', 'freeze', 3], ['arrows', 'history', 4], ['/', 'filter', 2], ['s', 'sort', 5], ['t', 'tree', 6], ['Enter', 'details', 7], ['k', 'signal', 8], ['z', 'zoom', 9], ['a', 'alerts', 10], ['1-5', 'pane', 11], ['w', 'save', 12], ['Tab', 'host', 6],
]

const OF_PROCESSES: ReadonlySet<string> = new Set(['/', 's', 't', 'Enter', 'k'])

/** The last line: what the keys do, or news that take its place for a while. */
export function paintKeys(surface: Surface, screen: Screen): void {
  const { view, feed, now, moment } = screen
  if (view.notice && now < view.notice.until) return putFit(surface, 1, 0, surface.width - 2, plain(view.notice.text, 300), view.notice.tone)
  const hasProcesses = moment !== null && moment.processes !== null
  const { leftRight } = glyphsOf(surface)
  const keys = KEYS.filter(([key]) => (key !== 'Tab' || feed.of > 1) && (key !== 'k' || feed.kind === 'local') && (!OF_PROCESSES.has(key) || hasProcesses))
  const pieces = keys.flatMap(([key, does, keep], index) => [piece((index > 0 ? '  ' : '') + (key === 'arrows' ? leftRight : key), 'key', keep), piece(` ${does}`, 'label', keep)])
  const reason = reasonOf(screen)
  if (reason === '') return void putPieces(surface, 1, 0, surface.width - 1, pieces)
  const few = pieces.filter((_, index) => VITAL.has(keys[Math.floor(index / 2)]?.[0] ?? ''))
  const width = widthOf(few)
  const isBoth = surface.width >= width + Math.min(40, reason.length) + 4
  putFit(surface, 1, 0, surface.width - 2 - (isBoth ? width + 2 : 0), reason, 'fail')
  if (isBoth) putPieces(surface, surface.width - 1 - width, 0, surface.width - 1, few)
}

/** The keys that stay beside what has happened. */
const VITAL: ReadonlySet<string> = new Set(['q', '?', 'Tab'])

/** Why no news comes; empty while it does, or where there is no picture to which it is said. */
function reasonOf({ feed: { state, kind }, moment }: Screen): string {
  const isSilent = state.kind === 'lost' || (state.kind === 'ended' && kind === 'remote')
  return isSilent && moment !== null ? plain(state.reason, 300) : ''
}
