import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { UserError } from '../../../src/model/error.ts'
import { openTop, type TopOptions } from '../../../src/tui/top/open.ts'
import { CHARACTER, characterOf } from '../../../src/tui/top/character.ts'
import type * as ShellModule from '../../../src/tui/top/shell.tsx'
import { testHost } from '../../host.ts'
import { openEmulator, type Emulator } from './emulator.ts'
import { fakeFeed, process as row, type FakeFeed } from './feed.ts'
import { PARTS } from './picture.ts'

/** How often Ink was given something to lay out. */
let layouts = 0
vi.mock('../../../src/tui/top/shell.tsx', async (original) => {
  const real = await original<typeof ShellModule>()
  const openShell: typeof real.openShell = (streams, listener) => {
    const shell = real.openShell(streams, listener)
    return {
      ...shell,
      show: (content) => {
        layouts++
        shell.show(content)
      },
    }
  }
  return { ...real, openShell }
})

interface Opened {
  readonly terminal: Emulator
  readonly raw: () => string
  readonly feed: FakeFeed
  readonly ended: Promise<{ reason: string }>
  readonly stream: { writableNeedDrain: boolean } & EventEmitter
  readonly type: (keys: string) => Promise<void>
  readonly tick: (...names: readonly string[]) => Promise<void>
  readonly resize: (columns: number, rows: number) => Promise<void>
  readonly quit: () => Promise<void>
}

const settle = (ms = 5): Promise<unknown> => sleep(ms)
let last: Opened | undefined
afterEach(async () => {
  await last?.quit()
  last = undefined
})

/** A top on a terminal of 80 by 24 that is looked at; it has had its first tick, and Ink is there. */
async function open(more: Partial<TopOptions> = {}, columns = 80, rows = 24): Promise<Opened> {
  const terminal = openEmulator(columns, rows, (character) => characterOf(character.codePointAt(0) ?? 0) & CHARACTER.cells)
  let raw = ''
  const write = (text: string): void => {
    raw += text
    terminal.write(text)
  }
  const stream = Object.assign(new EventEmitter(), { writableNeedDrain: false })
  const stdin = Object.assign(new EventEmitter(), { setRawMode: () => stdin, setEncoding: () => stdin, resume: () => stdin, pause: () => stdin })
  const size = { columns, rows }
  const host = {
    ...testHost([]),
    // The view uses no more of the streams than this.
    stdout: { write: async (text: string) => write(text), writeNow: write, isTerminal: true, isGone: false, problem: null, get columns() { return size.columns }, get rows() { return size.rows }, stream: stream as unknown as NodeJS.WriteStream },
    stdin: { isTerminal: true, isGone: false, problem: null, stream: stdin as unknown as NodeJS.ReadStream },
    usage: () => ({ cpuMs: 0, rssBytes: 0 }),
  }
  const feeds = more.feeds ?? [fakeFeed()]
  // Every feed of these tests is a fake one.
  const feed = feeds[0] as FakeFeed
  const ended = openTop({ ...PARTS, host, ...more, feeds })
  ended.catch(() => undefined)
  feed.tick([row(7, 'node')])
  const opened: Opened = {
    terminal, raw: () => raw, feed, ended, stream,
    type: async (keys) => {
      stdin.emit('data', keys)
      await settle()
    },
    tick: async (...names) => {
      feed.tick(names.map((name, index) => row(7 + index, name)))
      await settle()
    },
    resize: async (wide, high) => {
      Object.assign(size, { columns: wide, rows: high })
      terminal.resize(wide, high)
      stream.emit('resize')
      await settle()
    },
    quit: async () => {
      stdin.emit('data', '\x03')
      await ended.catch(() => undefined)
    },
  }
  last = opened
  await vi.waitFor(async () => {
    stdin.emit('data', '?')
    await settle()
    expect(terminal.text).toContain('Keys')
  }, { timeout: 5_000, interval: 20 })
  await opened.type('\x1b[27u')
  return opened
}

describe('top', () => {
  test('shows something before the first tick, then the tick', async () => {
    const { terminal, raw, tick } = await open()
    expect(raw()).toContain('web-01 no tick yet')
    expect(terminal.text).toBe('web-01 tick 1 at 1700000001000')
    await tick()
    expect(terminal.text).toBe('web-01 tick 2 at 1700000002000')
  })

  test('writes nothing when nothing changed, and one frame for many keys', async () => {
    const { type, raw } = await open()
    const before = raw()
    await type('xxxx')
    expect(raw()).toBe(before)
    await type('xx xx  x')
    expect(raw().slice(before.length).split('\x1b[?2026h')).toHaveLength(2)
  })

  test('frozen, the picture stays while ticks are kept', async () => {
    const { type, tick, terminal } = await open()
    await type(' ')
    for (let count = 0; count < 5; count++) await tick('node')
    expect(terminal.text).toBe('web-01 tick 1 at 1700000001000 frozen')
    await type(' ')
    expect(terminal.text).toBe('web-01 tick 1 at 1700000001000')
  })

  test('what is played stands still while the picture is frozen, and its speed is told', async () => {
    const asked: string[] = []
    const feed = Object.assign(fakeFeed(), { pause: (on: boolean) => void asked.push(on ? 'pause' : 'go on'), faster: () => 5 })
    const { type, terminal } = await open({ feeds: [feed] })
    await type(' ')
    await type('x')
    await type(' ')
    expect(asked).toEqual(['pause', 'go on'])
    await type('f')
    expect(terminal.text).toContain('speed x5')
  })

  test('says why nothing more will come until a key is pressed', async () => {
    const { type, terminal, feed } = await open()
    feed.listener.state({ kind: 'ended', reason: 'cut off after 07:47:49', isIncomplete: true })
    await settle()
    expect(terminal.text).toContain('cut off after 07:47:49')
    await type('x')
    expect(terminal.text).not.toContain('cut off')
  })

  test('puts processes in order again only when they, or the order, are others', async () => {
    const tableRows = vi.fn(PARTS.tableRows)
    const { type, feed } = await open({ tableRows })
    const before = tableRows.mock.calls.length
    await type('?')
    await type('\x1b[27u')
    expect(tableRows).toHaveBeenCalledTimes(before)
    feed.tick([row(7, 'node')])
    await settle()
    expect(tableRows.mock.calls.length).toBeGreaterThan(before)
  })

  test('drops frames while the terminal is full, and the next one is whole', async () => {
    const { tick, raw, terminal, stream } = await open()
    stream.writableNeedDrain = true
    const before = raw()
    for (let count = 0; count < 20; count++) await tick('node')
    expect(raw()).toBe(before)
    stream.writableNeedDrain = false
    stream.emit('drain')
    await settle()
    expect(terminal.text).toBe('web-01 tick 21 at 1700000021000')
  })

  test('asks the feed for what keys ask for, and tells how it went', async () => {
    const { type, feed, terminal } = await open({ feeds: [fakeFeed()] })
    await type('+5S')
    expect(feed.asked).toEqual(['start', 'interval 500', 'processes false', 'SIGTERM 7@5'])
    expect(terminal.text).toContain('SIGTERM sent to 7')
  })

  test('an error a person can do something about becomes a notice', async () => {
    const { type, terminal } = await open({ feeds: [fakeFeed('db', new UserError({ code: 'NOT_PERMITTED', kind: 'input', message: 'process 7 is not yours' }))], save: () => Promise.reject(new UserError({ code: 'CANNOT_WRITE', kind: 'input', message: 'the disk is full' })) })
    await type('S')
    expect(terminal.text).toContain('process 7 is not yours')
    await type('w')
    expect(terminal.text).toContain('the disk is full')
  })

  test('saves what is shown', async () => {
    const save = vi.fn<NonNullable<TopOptions['save']>>(async ({ history }, ms) => `saved ${history.length} of ${ms}`)
    const { type, terminal } = await open({ save })
    await type('w')
    expect(terminal.text).toContain('saved 1 of 1000')
  })

  test('saves once at a time, and does not end before it is saved', async () => {
    let saved: (text: string) => void = () => undefined
    const save = vi.fn<NonNullable<TopOptions['save']>>(() => new Promise((done) => { saved = done }))
    const { type, ended } = await open({ save })
    await type('www')
    expect(save).toHaveBeenCalledTimes(1)
    await type('q')
    await expect(Promise.race([ended, settle(50).then(() => 'still saving')])).resolves.toBe('still saving')
    saved('saved')
    await expect(ended).resolves.toEqual({ reason: 'quit', feed: 0 })
  })

  test('a bug in a painter ends it with that error, the terminal given back', async () => {
    const { type, ended, terminal } = await open()
    await type('!')
    await expect(ended).rejects.toThrow('a bug in a painter')
    expect(terminal.modes.get('1049')).toBe(false)
    expect(terminal.modes.get('25')).toBe(true)
  })

  test('a bug in what a tick causes ends it with that error, and the feed never hears of it', async () => {
    const { ended, feed, terminal } = await open({
      tick: (view, length) => {
        if (length > 1) throw new Error('a bug in a tick')
        return view
      },
    })
    expect(() => feed.tick([row(7, 'node')])).not.toThrow()
    await expect(ended).rejects.toThrow('a bug in a tick')
    expect(terminal.modes.get('1049')).toBe(false)
    expect(feed.asked.at(-1)).toBe('close')
  })

  test('closes its feeds and gives the terminal back once', async () => {
    const { type, ended, raw, feed } = await open()
    await type('q')
    await expect(ended).resolves.toEqual({ reason: 'quit', feed: 0 })
    expect(feed.asked.at(-1)).toBe('close')
    expect(raw().split('\x1b[?1049l')).toHaveLength(2)
  })

  test('a change of size draws everything anew', async () => {
    const { resize, terminal, type } = await open()
    await type('?')
    await resize(40, 12)
    expect(terminal.text).toMatch(/^web-01 tick 1 at 1700000001000\n/)
    const rows = Array.from({ length: 12 }, (_, y) => terminal.cells(y).join(''))
    expect(rows.filter((line) => line.includes('│')).every((line) => /^ ?│.*│ ?$/.test(line.trimEnd()))).toBe(true)
  })
})

describe('what is pasted', () => {
  test('presses no keys, whatever it says, and goes into a filter', async () => {
    const { type, feed, terminal } = await open()
    const before = terminal.text
    await type('\x1b[200~k S\ry q\x1b[A\x1b[201~')
    expect([terminal.text, feed.asked]).toEqual([before, ['start']])
    await type('/')
    await type('\x1b[200~cpu>0.3\n or\x1b[201~')
    expect(terminal.text).toContain('/ cpu>0.3 or')
  })
})

describe('a dialog', () => {
  test('of help holds every key on a usual terminal', async () => {
    const { type, terminal } = await open()
    await type('?')
    expect(terminal.text).toMatch(/╭─ Keys ─+╮/)
    for (const text of ['quit', 'freeze', 'save this moment', 'something else 19', 'suspend']) expect(terminal.text).toContain(text)
    await type('\x1b[27u')
    expect(terminal.text).toBe('web-01 tick 1 at 1700000001000')
  })

  test('of help says that it goes on where it does not fit, and how', async () => {
    const { type, terminal } = await open({}, 40, 12)
    await type('?')
    expect(terminal.text).toContain('more ↓  Up/Down scroll, Esc close')
    expect(terminal.text).toContain('A ←')
  })

  test('of a process has its command and its figures on the smallest screen', async () => {
    const { type, terminal } = await open({}, 40, 12)
    await type('e')
    for (const text of [/name +node/, /command +node --serve/, /cpu +25% +cpu time 1m 01s/]) expect(terminal.text).toMatch(text)
  })

  test('of a filter shows what is typed', async () => {
    const { type, terminal } = await open()
    await type('/')
    await type('cpu>0.3 or \x1b[Auser')
    expect(terminal.text).toContain('/ cpu>0.3 or user')
    expect(terminal.text).toContain('cpu>0.3 or user:root')
  })

  test('of a process follows its figures, without Ink hearing of a tick', async () => {
    const { type, tick, terminal, feed } = await open()
    await type('e')
    expect(terminal.text).toMatch(/command +node --serve/)
    expect(terminal.text).toMatch(/cpu +25% +cpu time +1m 01s/)
    expect(terminal.text).toMatch(/read +0B\/s +write +not known/)
    expect(terminal.text).toMatch(/minute +[▁-█]{40,}/)
    const before = layouts
    feed.tick([row(7, 'node', { cpu: 0.5 })])
    await settle()
    expect(terminal.text).toMatch(/cpu +50% +cpu time/)
    expect(layouts).toBe(before)
    await tick()
    expect(terminal.text).toContain('not among the processes')
  })

  test('of a process says what is not known, and sizes as the table does', async () => {
    const { type, terminal, feed } = await open()
    const none = Number.NaN
    feed.tick([row(7, 'node', { threads: none, memory: none, cpu: none, cpuTimeMs: none, parent: none, residentBytes: 689 * 1_024 ** 2 })])
    await settle()
    await type('e')
    expect(terminal.text).toMatch(/resident +689M/)
    for (const label of ['parent', 'threads', 'cpu', 'cpu time', 'memory']) expect(terminal.text).toMatch(new RegExp(`\\b${label} +not known`))
    expect(terminal.text).not.toContain('NaN')
  })

  test('shows hostile names as what they are', async () => {
    const { type, terminal, feed } = await open()
    feed.tick([row(7, 'x', { program: { ...row(7, '').program, name: '\x1b[2J\ue001evil\u202e', command: 'rm \x1b]0;title\x07 日本\ud800 \x9b31m' } })])
    await settle()
    await type('e')
    expect(terminal.text).toContain('�[2J�evil�')
    expect(terminal.text).toContain('rm �]0;title� 日本� �31m')
  })

  test('of signals asks twice', async () => {
    const { type, terminal } = await open()
    await type('k')
    for (const text of ['To node (7, app):', 'SIGTERM', 'SIGUSR2', 'Enter']) expect(terminal.text).toContain(text)
  })

  test.each([[40, 12], [80, 24], [200, 60]])('fits %i by %i', async (columns, rows) => {
    const { type, terminal } = await open({}, columns, rows)
    for (const key of '?eka/') {
      await type('\x1b[27u')
      await type(key)
      const text = Array.from({ length: rows }, (_, y) => terminal.cells(y).join(''))
      expect(text.filter((line) => line.includes('╭') || line.includes('╯'))).toHaveLength(2)
    }
  })
})
