import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Key } from '../../../src/tui/top/key.ts'
import { helpColumns } from '../../../src/tui/top/dialogs/help-lines.ts'
import { isAscending } from '../../../src/tui/top/order.ts'
import { KEYS } from '../../../src/tui/top/key-table.ts'
import { parseFilter } from '../../../src/tui/top/filter-parser.ts'
import { CHARACTERS, reduce } from '../../../src/tui/top/reduce.ts'
import { tick } from '../../../src/tui/top/scrub.ts'
import { keepInSight, selectedIndex } from '../../../src/tui/top/selection.ts'
import { startView } from '../../../src/tui/top/start-view.ts'
import { tableRows } from '../../../src/tui/top/table.ts'
import type { View } from '../../../src/tui/top/view.ts'
import { context, key, press, rowKey } from './keys.ts'
import { AT, process, tableOf } from './processes.ts'

const start = startView({})
const after = (keys: string, world: Parameters<typeof press>[2] = {}, from: View = start): View => press(from, keys, world).view
const notice = (keys: string, world: Parameters<typeof press>[2] = {}, from: View = start): string | undefined => after(keys, world, from).notice?.text

describe('time', () => {
  it('goes back with an arrow, ten ticks with Shift, and freezes there', () => {
    expect(after('left')).toMatchObject({ back: 1, frozen: true })
    expect(after('left shift+left right')).toMatchObject({ back: 10, frozen: true })
    expect(after('home')).toMatchObject({ back: 99, frozen: true })
  })

  it('is live again beyond the newest tick, with End, and when thawed', () => {
    for (const keys of ['left right right', 'left shift+right', 'home end', 'left space', 'space space']) expect(after(keys), keys).toMatchObject({ back: 0, frozen: false })
    expect(after('right')).toBe(start)
  })

  it('stays at the frozen instant while ticks come, until the history forgets it', () => {
    const frozen = after('space')
    expect(tick(frozen, 101)).toMatchObject({ back: 1, frozen: true })
    const ticked = Array.from({ length: 700 }).reduce<View>((view) => tick(view, 600), frozen)
    expect(ticked.back).toBe(599)
    expect(tick(ticked, 600)).toBe(ticked)
    expect(tick(start, 101)).toBe(start)
  })

  it('says when there is nothing to go back to', () => {
    expect(after('left', { length: 1 })).toMatchObject({ back: 0, frozen: false, notice: { text: 'there is no history yet' } })
    expect(notice('home left')).toBe('this is as far back as the history reaches')
  })

  it('goes through the intervals, and says where they end', () => {
    expect(press(start, '+ + - - -').effects).toEqual([2_000, 5_000, 2_000, 1_000, 500].map((ms) => ({ kind: 'interval', ms })))
    expect(after('+', {}, startView({ intervalMs: 1_500 })).intervalMs).toBe(2_000)
    expect(press(start, '+ = -', { hasSpeed: true })).toEqual({ view: start, effects: [1, 1, -1].map((direction) => ({ kind: 'speed', direction })) })
    expect(notice('- - -')).toBe('it is looked at every 250 ms, no more often')
    expect(notice('+', {}, startView({ intervalMs: 60_000 }))).toBe('it is looked at every 1m, no less often')
  })
})

describe('the table', () => {
  it('keeps the selected row in sight', () => {
    expect(after('down down')).toMatchObject({ selected: rowKey(3), offset: 0 })
    expect(after('pageDown')).toMatchObject({ selected: rowKey(6), offset: 1 })
    expect(after('G')).toMatchObject({ selected: rowKey(20), offset: 15 })
    expect(after('G g')).toMatchObject({ selected: null, offset: 0 })
    expect(after('wheelDown wheelDown wheelUp')).toMatchObject({ selected: rowKey(4), offset: 2 })
    expect(after('up')).toMatchObject({ selected: rowKey(1), offset: 0 })
  })

  it('follows the process, not the row', () => {
    const chosen = after('down down')
    const turned = context.rows.toReversed()
    expect(keepInSight(chosen, turned, 5).offset).toBe(13)
    expect(after('up', { rows: turned }, chosen).selected).toBe(rowKey(4))
  })

  it('goes on from the top of the picture when the selected process is gone', () => {
    const gone: View = { ...start, selected: '999@1', offset: 7 }
    expect(selectedIndex(gone, context.rows)).toBe(-1)
    expect(after('down', {}, gone).selected).toBe(rowKey(9))
    expect(keepInSight(gone, context.rows.slice(0, 3), 5).offset).toBe(0)
  })

  it('selects what is clicked, and nothing beside the rows', () => {
    const click = (y: number): View => reduce({ ...start, selected: rowKey(3), offset: 2 }, { ...key('click'), at: { x: 3, y } }, context).view
    expect(click(11).selected).toBe(rowKey(4))
    expect([9, 15, 40].map((y) => click(y).selected)).toEqual([rowKey(3), rowKey(3), rowKey(3)])
  })

  it('is sorted by a key, by the next one, and the other way round', () => {
    expect(['c', 'm', 'i', 'p', 's', 's s'].map((keys) => after(keys).sort)).toEqual(['cpu', 'memory', 'io', 'pid', 'memory', 'io'])
    expect(after('S')).toMatchObject({ sort: 'cpu', reversed: true })
    expect(after('S m')).toMatchObject({ sort: 'memory', reversed: false })
    expect(after('t').tree).toBe(true)
  })
})

describe('the filter', () => {
  const dialog = (keys: string): View['dialog'] => after(keys).dialog

  it('is checked while it is typed and applied with Enter', () => {
    expect(dialog('/ c p u >')).toEqual({ kind: 'filter', text: 'cpu>', error: 'column 5: expected a number such as 30 or 30%, found the end' })
    expect(dialog('/ c p u > 3')).toEqual({ kind: 'filter', text: 'cpu>3', error: null })
    expect(after('/ c p u > 3 enter')).toMatchObject({ dialog: null, filter: { text: 'cpu>3' } })
  })

  it('stays open while it cannot be understood', () => {
    expect(after('/ c p u > enter')).toMatchObject({ filter: null, dialog: { kind: 'filter', text: 'cpu>' } })
  })

  it('is edited from what it was; Esc leaves it, nothing and Enter ends it', () => {
    const filtered = startView({ filter: parseFilter('user:root x') })
    expect(after('/ backspace', {}, filtered).dialog).toMatchObject({ text: 'user:root ' })
    expect(after('/ ctrl+w a', {}, filtered).dialog).toMatchObject({ text: 'user:root a' })
    expect(after('/ ctrl+u q escape', {}, filtered)).toMatchObject({ dialog: null, filter: { text: 'user:root x' } })
    expect(after('/ ctrl+u enter', {}, filtered)).toMatchObject({ dialog: null, filter: null })
  })

  it('takes keys for text, and what is pasted without its control characters', () => {
    expect(dialog('/ q space k ?')).toMatchObject({ text: 'q k?' })
    expect(dialog('/ \u001b[2J\n')).toMatchObject({ text: '\ufffd[2J ' })
  })

  it('ends with Esc before the zoom, and that before the selection', () => {
    const all = after('down z', {}, startView({ filter: parseFilter('x') }))
    expect(after('escape', {}, all)).toMatchObject({ filter: null, zoomed: 'processes', selected: rowKey(2) })
    expect(after('escape escape', {}, all)).toMatchObject({ zoomed: null, selected: rowKey(2) })
    expect(after('escape escape escape', {}, all)).toMatchObject({ selected: null })
  })
})

describe('a signal', () => {
  it('is sent after it was chosen, entered and confirmed, to the process that was selected then', () => {
    expect(press(start, 'down k down enter y').effects).toEqual([{ kind: 'signal', pid: 2, startedAt: AT - 60_000, signal: 'SIGINT' }])
    expect(after('down k enter y').dialog).toBeNull()
  })

  it.each(['k y', 'k enter enter', 'k enter n y', 'k enter escape y', 'k q', 'k down down enter x'])('is not sent with %s', (keys) => {
    expect(press(start, keys).effects).toEqual([])
  })

  it('is not sent, nor a dialog left, by a letter with Ctrl', () => {
    expect(press(start, 'k enter ctrl+y').effects).toEqual([])
    expect(after('k enter ctrl+n').dialog).toMatchObject({ kind: 'signal', confirmed: true })
    expect(after('enter ctrl+k').dialog).toMatchObject({ kind: 'details' })
    expect(after('a ctrl+a').dialog).toMatchObject({ kind: 'alerts' })
  })

  it('is not for other machines, threads of the kernel, or nobody', () => {
    expect(notice('k', { canSignal: false })).toBe('signals go to processes of this machine only')
    expect(notice('k', { rows: [{ process: process({ program: { isKernel: true } }), branch: '' }] })).toBe('a thread of the kernel takes no signals')
    expect(notice('k', { rows: [] })).toBe('no process is selected')
  })
})

describe('panes and dialogs', () => {
  it('chooses a pane with its number, and puts it away or back with the same again', () => {
    expect(after('1')).toMatchObject({ focused: 'cpu', hidden: new Set() })
    expect(after('1 1').hidden).toEqual(new Set(['cpu']))
    expect(after('1 1 1').hidden).toEqual(new Set())
    expect(after('1 1 2 1')).toMatchObject({ focused: 'cpu', hidden: new Set() })
    expect(notice('6')).toBe('there is nothing to show in the api pane')
  })

  it('leaves one pane in any case', () => {
    expect(after('5', { has: new Set(['processes']) })).toMatchObject({ hidden: new Set(), notice: { text: 'the last pane stays' } })
  })

  it('sorts by a chosen column in its natural direction, though another was turned round', () => {
    expect(after('S c')).toMatchObject({ sort: 'cpu', reversed: false })
    expect(after('S p')).toMatchObject({ sort: 'pid', reversed: false })
    expect(after('S s')).toMatchObject({ sort: 'memory', reversed: false })
    expect([isAscending('pid', false), isAscending('cpu', false), isAscending('user', true), isAscending('io', true)]).toEqual([true, false, false, true])
  })

  it('zooms the chosen pane; another one takes its place', () => {
    expect(after('2 z').zoomed).toBe('memory')
    expect(after('2 z 3').zoomed).toBe('disk')
    expect(after('2 z z').zoomed).toBeNull()
    expect(after('2 z 2')).toMatchObject({ zoomed: null, hidden: new Set(['memory']) })
  })

  it('turns to the next interface, disk and instance', () => {
    expect(after('n n d')).toMatchObject({ network: 2, disk: 1 })
    expect(after('n n n d d')).toMatchObject({ network: 0, disk: 0 })
    expect(after('down left tab')).toMatchObject({ feed: 1, back: 0, frozen: false, selected: null })
    expect(after('shift+tab').feed).toBe(2)
    expect([notice('n', { interfaces: 0 }), notice('d', { disks: 1 }), notice('tab', { feeds: 1 })]).toEqual(['there is no interface', 'there is one disk only', 'there is one instance only'])
  })

  it('closes a dialog with q and Esc, and quits after that', () => {
    for (const open of ['?', 'a', 'enter', 'k']) for (const shut of ['q', 'escape']) expect(press(start, `${open} ${shut}`), `${open} ${shut}`).toMatchObject({ view: { dialog: null }, effects: [] })
    expect(press(start, '? q q').effects).toEqual([{ kind: 'quit' }])
  })

  it('quits, draws again and goes to the background whatever is open', () => {
    for (const open of ['', '?', '/', 'k']) expect(press(start, `${open} ctrl+l ctrl+z ctrl+c`).effects, open).toEqual([{ kind: 'redraw' }, { kind: 'suspend' }, { kind: 'quit' }])
    expect(press(start, 'w').effects).toEqual([{ kind: 'save' }])
  })

  it('shows one process after the other in the details, and the whole log of alerts', () => {
    expect(after('enter').dialog).toEqual({ kind: 'details', process: rowKey(1) })
    expect(after('enter down').dialog).toEqual({ kind: 'details', process: rowKey(2) })
    expect(after('enter down k').dialog).toMatchObject({ kind: 'signal', process: rowKey(2) })
    expect(after('a down down').dialog).toEqual({ kind: 'alerts', offset: 2 })
    expect(after('a pageDown G').dialog).toEqual({ kind: 'alerts', offset: 3 })
  })
})

describe('the help', () => {
  it.each([[74, 20], [54, 16], [34, 8], [1, 1]])('scrolls to its last line in %i by %i cells, and no further', (width, height) => {
    const world = { dialog: { width, height } }
    const at = (keys: string): number => (after(keys, world).dialog as { readonly offset: number }).offset
    const lines = helpColumns(KEYS, width, height)[0]?.length ?? 0
    const last = lines - Math.max(1, height - 1)
    expect(at('? down down up')).toBe(1)
    expect(at('? pageDown')).toBe(Math.min(last, Math.max(1, height - 1)))
    expect(at('? G')).toBe(last)
    expect(at(`? G down pageDown wheelDown`)).toBe(last)
    expect(at('? G g up')).toBe(0)
  })

  it('says everything of every key at any width, in columns only where all texts are whole', () => {
    for (const [width, height] of [[92, 36], [74, 20], [54, 16], [34, 8]] as const) {
      const columns = helpColumns(KEYS, width, height)
      expect(columns).toHaveLength(1)
      expect(columns[0]?.map(({ about }) => about.trim()).filter((text) => text !== '').join(' ')).toBe(KEYS.map(({ about }) => about).join(' '))
      for (const { about } of columns[0] ?? []) expect(about.length).toBeLessThanOrEqual(width < 50 ? width : width - 18)
    }
    const short = KEYS.map(({ keys }) => ({ keys, about: 'short' }))
    expect(helpColumns(short, 74, 20).map((column) => column.length)).toEqual([12, 11])
  })

  it('names every key that does something, and none that does nothing', () => {
    const named = KEYS.flatMap(({ keys }) => keys)
    const typed = [...named.filter((text) => [...text].length === 1 && !'←→↑↓'.includes(text)), ' ']
    // = is + without Shift; 6 to 9 are in the words of the panes.
    expect(new Set([...typed, '=', '6', '7', '8', '9'])).toEqual(new Set(CHARACTERS.keys()))
    expect(new Set(named).size).toBe(named.length)
  })
})

describe('any keys in any world', () => {
  const anyKey: fc.Arbitrary<Key> = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...CHARACTERS.keys(), 'y', 'u', '>', 'é', '中').map(key) },
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom('up', 'down', 'left', 'right', 'pageUp', 'pageDown', 'home', 'end', 'enter', 'escape', 'tab', 'backspace', 'delete', 'wheelUp', 'wheelDown'), fc.boolean()).map(([name, shift]) => ({ ...key(name), shift })) },
    { weight: 1, arbitrary: fc.record({ x: fc.integer({ min: -2, max: 200 }), y: fc.integer({ min: -2, max: 60 }) }).map((at) => ({ ...key('click'), at })) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant('character' as const), text: fc.string({ unit: 'binary', maxLength: 3 }), shift: fc.boolean(), ctrl: fc.boolean() }) },
  )
  const world = fc.record({ pids: fc.uniqueArray(fc.integer({ min: 1, max: 15 }), { maxLength: 15 }), pageRows: fc.nat(6), feeds: fc.integer({ min: 1, max: 3 }), canSignal: fc.boolean(), alarms: fc.nat(4), interfaces: fc.nat(3), disks: fc.nat(3), has: fc.subarray(['cpu', 'memory', 'processes', 'api'] as const) })
  const event = fc.oneof({ weight: 8, arbitrary: anyKey }, { weight: 2, arbitrary: fc.constant('tick' as const) }, { weight: 1, arbitrary: world })

  it('leave the selection and its offset in the table and the instant in the history', () => {
    const reach = 12
    fc.assert(fc.property(world, fc.array(event, { maxLength: 60 }), (first, events) => {
      let now = first
      let length = 0
      let view = startView({})
      for (const each of events) {
        if (each === 'tick') view = tick(view, length = Math.min(length + 1, reach))
        else if ('pids' in each) now = each
        const table = tableOf(...now.pids.map((pid) => process({ program: { pid }, parent: pid >> 1, cpu: pid % 3 })))
        const { pids: _, has, ...rest } = now
        const known = { ...rest, dialog: { width: 34, height: 8 }, has: new Set(has), length, now: AT, rows: tableRows(table, view), tableTop: 3 }
        if (each !== 'tick' && 'name' in each) {
          const before = JSON.stringify(view)
          const done = reduce(view, each, known)
          expect(JSON.stringify(view)).toBe(before)
          for (const effect of done.effects) if (effect.kind === 'signal') expect([now.canSignal, view.dialog]).toMatchObject([true, { kind: 'signal', confirmed: true }])
          view = done.view
        }
        const rows = tableRows(table, view)
        view = keepInSight(view, rows, now.pageRows)
        const index = selectedIndex(view, rows)
        expect(view.offset).toBeGreaterThanOrEqual(0)
        expect(view.offset).toBeLessThanOrEqual(Math.max(0, rows.length - Math.max(1, now.pageRows)))
        if (index >= 0) expect(index - view.offset).toSatisfy((line: number) => line >= 0 && line < Math.max(1, now.pageRows))
        expect(view.back).toBeLessThanOrEqual(Math.max(0, length - 1))
        expect(view.back === 0 || view.frozen).toBe(true)
        expect(view.feed).toBeLessThan(3)
      }
    }), { numRuns: 400 })
  })
})
