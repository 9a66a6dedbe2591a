import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle } from '../bundle.ts'

const hasScript = spawnSync('script', ['-qfec', 'true', '/dev/null']).status === 0
const where = hasScript ? 'on a real terminal' : 'on a real terminal (skipped: no util-linux "script" here to open one)'

let driver: Awaited<ReturnType<typeof bundle>>
beforeAll(async () => {
  driver = await bundle('top/driver.ts')
})
afterAll(() => driver.remove())

interface Session {
  readonly output: () => string
  readonly type: (keys: string) => void
  /** Waits until something is in what came since the last time. */
  readonly until: (what: string | RegExp) => Promise<string>
  readonly closed: Promise<void>
  /** Takes the terminal away. */
  readonly hangUp: () => void
}

/** Runs a command line on a terminal of 80 by 24. */
function open(command: string): Session {
  const child = spawn('script', ['-qfec', `stty cols 80 rows 24; ${command}`, '/dev/null'], { env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: '' }, timeout: 20_000 })
  let output = ''
  let seen = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stdin.on('error', () => undefined)
  return {
    output: () => output,
    type: (keys) => void child.stdin.write(keys),
    until: async (what) => {
      for (let waited = 0; waited < 12_000; waited += 20) {
        const found = typeof what === 'string' ? output.indexOf(what, seen) : (() => { const at = output.slice(seen).search(what); return at < 0 ? at : at + seen })()
        if (found >= 0) {
          const since = output.slice(seen)
          seen = found + 1
          return since
        }
        await sleep(20)
      }
      throw new Error(`waited in vain for ${String(what)} in ${JSON.stringify(output.slice(seen).slice(-2_000))}`)
    },
    closed: new Promise((done) => child.once('close', () => done())),
    hangUp: () => void child.kill('SIGKILL'),
  }
}

const top = (trouble = ''): string => `stty -a; echo BEFORE; ${process.execPath} ${driver.file} ${trouble}; echo AFTER; stty -a`
const pidIn = (output: string): number => Number(/pid=(\d+);/.exec(output)?.[1])
const settings = (output: string, from: string, to?: string): string => output.slice(output.indexOf(from), to === undefined ? undefined : output.indexOf(to)).replaceAll('\r', '').split('\n').filter((line) => /[a-z]+ = |echo|icanon|opost|ixon/.test(line)).join('\n')

/** The picture is gone, the modes are as they were, and nothing was given back twice. */
function expectRestored(output: string): void {
  const tail = output.slice(output.lastIndexOf('\x1b[?1049h'))
  expect(tail.split('\x1b[?1049l').length - 1).toBe(1)
  const after = tail.slice(tail.indexOf('\x1b[?1049l'))
  expect(after).toMatch(/^\x1b\[\?1049l\x1b\[\?7h\x1b\[\?25h/)
  expect(after).not.toMatch(/\x1b\[\?(1049|25l|7l|2026|1000|1006)h|\x1b\[\?(25|7)l/)
  expect(settings(output, 'AFTER')).toBe(settings(output, 'speed', 'BEFORE'))
  expect(settings(output, 'AFTER')).toContain(' echo')
}

describe.skipIf(!hasScript)(where, { concurrent: true }, () => {
  test.each([['q', 'q'], ['Ctrl-C', '\x03']])('%s ends it and the terminal is as before', async (_name, keys) => {
    const session = open(top())
    await session.until('tick')
    session.type(keys)
    await session.closed
    expect(session.output()).toContain('ended by quit')
    expectRestored(session.output())
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends it and the terminal is as before', async (signal) => {
    const session = open(top())
    await session.until('tick')
    session.type('?')
    await session.until('Keys')
    process.kill(pidIn(session.output()), signal)
    await session.closed
    expect(session.output()).toContain(`ended by ${signal}`)
    expectRestored(session.output())
  })

  test('a signal nobody listens to ends it, and the terminal is as before all the same', async () => {
    const session = open(top())
    await session.until('tick')
    session.type('?')
    await session.until('Keys')
    process.kill(pidIn(session.output()), 'SIGUSR2')
    await session.closed
    expectRestored(session.output())
  })

  test('an error of a painter is told on a terminal that is as before', async () => {
    const session = open(top())
    await session.until('tick')
    session.type('!')
    await session.closed
    expectRestored(session.output())
    expect(session.output().indexOf('a bug in a painter')).toBeGreaterThan(session.output().indexOf('\x1b[?1049l'))
  })

  test.each(['crash', 'crash-early'])('(%s) an exception nobody catches is printed after the terminal was given back', async (trouble) => {
    const session = open(top(trouble))
    await session.closed
    expectRestored(session.output())
    expect(session.output().indexOf('a crash of our own')).toBeGreaterThan(session.output().indexOf('\x1b[?1049l'))
  })

  test('the mouse is asked for and given back', async () => {
    const session = open(top('mouse'))
    await session.until('tick')
    session.type('\x1b[<64;10;5M')
    session.type('q')
    await session.closed
    expect(session.output()).toContain('\x1b[?1000h\x1b[?1006h')
    expect(session.output()).toMatch(/\x1b\[\?1006l\x1b\[\?1000l[^]*\x1b\[\?1049l/)
    expectRestored(session.output())
  })

  test('Ctrl-Z stops the job on a terminal that is as before, and fg draws everything anew', async () => {
    const session = open('exec bash --norc --noediting -i')
    await session.until(/bash-[\d.]+[#$] /)
    session.type(`stty -a; echo BE""FORE; ${process.execPath} ${driver.file}\r`)
    await session.until('tick')
    session.type('?')
    await session.until('Keys')
    session.type('\x1a')
    await session.until('Stopped')
    await session.until(/bash-[\d.]+[#$] /)
    session.type('stty -a; echo STOPPED; fg\r')
    await session.until('\x1b[?1049h')
    const picture = await session.until('Keys')
    expect(picture).toContain('quit')
    session.type('q')
    await session.until('ended by quit')
    session.type('echo AF""TER; stty -a; exit\r')
    await session.closed
    const output = session.output()
    expect(settings(output.slice(output.indexOf('Stopped')), 'speed')).toContain(' echo')
    expectRestored(output)
  })

  test('a stop of the whole job by somebody else is survived in the same way', async () => {
    const session = open('exec bash --norc --noediting -i')
    await session.until(/bash-[\d.]+[#$] /)
    session.type(`stty -a; echo BE""FORE; ${process.execPath} ${driver.file}\r`)
    await session.until('tick')
    process.kill(pidIn(session.output()), 'SIGTSTP')
    await session.until('Stopped')
    session.type('fg\r')
    await session.until('\x1b[?1049h')
    await session.until('tick')
    process.kill(pidIn(session.output()), 'SIGSTOP')
    await session.until('Stopped')
    session.type('fg\r')
    await session.until('\x1b[?1049h')
    await session.until('tick')
    session.type('q')
    await session.until('ended by quit')
    session.type('echo AF""TER; stty -a; exit\r')
    await session.closed
    const { length } = session.output().split('ended by quit')
    expect(length).toBe(2)
  })

  test('it ends by itself when the terminal is taken away', async () => {
    const session = open(`exec ${process.execPath} ${driver.file}`)
    await session.until('tick')
    const pid = pidIn(session.output())
    session.hangUp()
    await session.closed
    let isThere = true
    for (let waited = 0; waited < 5_000 && isThere; waited += 50) {
      await sleep(50)
      try {
        process.kill(pid, 0)
      } catch {
        isThere = false
      }
    }
    expect(isThere).toBe(false)
  })
})
