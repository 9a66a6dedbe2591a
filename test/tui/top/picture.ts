import type { Effect } from '../../../src/tui/top/effect.ts'
import type { Key } from '../../../src/tui/top/key.ts'
import type { TopOptions } from '../../../src/tui/top/open.ts'
import type { Screen } from '../../../src/tui/top/screen.ts'
import type { Surface } from '../../../src/tui/top/surface.ts'
import type { Dialog, View } from '../../../src/tui/top/view.ts'
import { fakeAlarms, fakeHistory } from './feed.ts'

export const VIEW: View = {
  feed: 0, back: 0, frozen: false, sort: 'cpu', reversed: false, tree: false, filter: null, zoomed: null, focused: 'cpu', hidden: new Set(), selected: null, offset: 0, network: 0, disk: 0, intervalMs: 1_000, dialog: null, notice: null,
}

/** A picture of one line, and the notice below it. */
export function paint(surface: Surface, screen: Screen): void {
  const { view, moment, feed } = screen
  if (view.filter) throw new Error('a bug in a painter')
  surface.put(0, 0, `${feed.name} ${moment ? `tick ${moment.length} at ${moment.at}` : 'no tick yet'}${view.frozen ? ' frozen' : ''}`)
  surface.put(0, 1, view.notice?.text ?? '')
}

/** Keys to dialogs and effects, without the rules of the real ones. */
export function reduce(view: View, key: Key): { view: View; effects: Effect[] } {
  const dialogs: Readonly<Record<string, Dialog>> = {
    '?': { kind: 'help', offset: 0 }, '/': { kind: 'filter', text: '', error: null }, e: { kind: 'details', process: '7@1700000000000' }, k: { kind: 'signal', process: '7@1700000000000', chosen: 0, confirmed: false }, a: { kind: 'alerts', offset: 0 },
  }
  const effects: Readonly<Record<string, Effect>> = {
    q: { kind: 'quit' }, w: { kind: 'save' }, '+': { kind: 'interval', ms: 500 }, f: { kind: 'speed', direction: 1 }, S: { kind: 'signal', pid: 7, startedAt: 5, signal: 'SIGTERM' }, l: { kind: 'redraw' },
  }
  if (key.ctrl && key.text === 'c') return { view, effects: [{ kind: 'quit' }] }
  if (key.ctrl && key.text === 'z') return { view, effects: [{ kind: 'suspend' }] }
  if (key.name === 'escape') return { view: { ...view, dialog: null }, effects: [] }
  if (view.dialog?.kind === 'filter') return { view: { ...view, dialog: { ...view.dialog, text: view.dialog.text + key.text } }, effects: [] }
  if (key.text === ' ') return { view: { ...view, frozen: !view.frozen }, effects: [] }
  if (key.text === '!') return { view: { ...view, filter: { text: '', matches: () => true } }, effects: [] }
  if (key.text === '5') return { view: { ...view, hidden: new Set(['processes']) }, effects: [] }
  const dialog = dialogs[key.text]
  const effect = effects[key.text]
  return { view: dialog ? { ...view, dialog } : view, effects: effect ? [effect] : [] }
}

const KEYS = ['quit', 'freeze', 'save this moment', ...Array.from({ length: 20 }, (_, index) => `something else ${index}`), 'suspend'].map((about, index) => ({ keys: [String.fromCharCode(65 + index), '←'], about }))

/** What `openTop` needs beside a host and feeds. */
export const PARTS: Omit<TopOptions, 'host' | 'feeds'> = {
  paint, reduce, view: VIEW, tableRows: (table) => (table?.rows ?? []).map((each) => ({ process: each, branch: '' })), createHistory: fakeHistory, createAlarms: fakeAlarms, depth: '8', unicode: true, mouse: false, capacity: 600,
  tick: (view, length) => (view.frozen ? { ...view, back: Math.min(view.back + 1, length - 1) } : view),
  texts: { keys: KEYS, signals: (['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL', 'SIGSTOP', 'SIGCONT', 'SIGUSR1', 'SIGUSR2'] as const).map((signal) => ({ signal, about: `what ${signal} does` })) },
}
