import { execFile, spawn, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle } from './bundle.ts'
import { openScreen } from './screen.ts'

const hasScript = spawnSync('script', ['-qfec', 'true', '/dev/null']).status === 0
const where = hasScript ? 'on a real terminal' : 'on a real terminal (skipped: no util-linux "script" here to open one)'

let driver: Awaited<ReturnType<typeof bundle>>
beforeAll(async () => {
  driver = await bundle('driver.tsx')
})
afterAll(() => driver.remove())

/** Runs the scripted load test on a terminal of 80 by 30; returns all that reached the terminal. `type` is typed when `atText` has been seen. */
async function run(args: string, env: Record<string, string> = {}, typed?: { readonly keys: string; readonly atText: string }): Promise<string> {
  const child = spawn('script', ['-qfec', `stty cols 80 rows 30; exec ${process.execPath} ${driver.file} ${args}`, '/dev/null'], { env: { ...process.env, CI: '', ...env }, timeout: 15_000 })
  let output = ''
  let waiting = typed
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (waiting && output.includes(waiting.atText)) {
      child.stdin.write(waiting.keys)
      waiting = undefined
    }
  })
  await new Promise((done) => child.once('close', done))
  return output
}

function shown(output: string): string {
  const screen = openScreen(80, 200)
  screen.write(output)
  return screen.text
}

const leavesCursor = (output: string): boolean => output.includes('\x1b[?25l') && output.lastIndexOf('\x1b[?25h') > output.lastIndexOf('\x1b[?25l')

describe.skipIf(!hasScript)(where, { concurrent: true }, () => {
  test('only notes and the result are left, and the cursor is there', async () => {
    const output = await run('close 20 50')
    expect(output).toContain('Quick start')
    expect(shown(output)).toBe('a note that stays\nthe result')
    expect(leavesCursor(output)).toBe(true)
  })

  test('changes of size on the way leave nothing behind', async () => {
    const output = await run('close 24 50 60,45,120,30,80,200,80')
    expect(shown(output)).toBe('a note that stays\nthe result')
    expect(leavesCursor(output)).toBe(true)
  })

  test('without colour there is not one colour code', async () => {
    const output = await run('close 20 50', { NO_COLOR: '1' })
    expect(output).toContain('sustained')
    expect(output).not.toMatch(/\x1b\[[\d;]*m/)
  })

  test('a variable that says it is a build server does not stop the drawing', async () => {
    const output = await run('close 20 50', { CI: 'true' })
    expect(output).toContain('sustained')
    expect(shown(output)).toBe('a note that stays\nthe result')
  })

  test('Ctrl-C reaches the program, which goes on to its end', async () => {
    const output = await run('drain 30 50', {}, { keys: '\x03', atText: 'a note that stays' })
    expect(shown(output)).toMatch(/asked to finish\nthe result$/)
    expect(leavesCursor(output)).toBe(true)
  })

  test.each([['kill', 'a signal'], ['throw', 'a bug of ours']])('(%s) even when %s ends the program, the cursor comes back', async (ending) => {
    const output = await run(`${ending} 5 50`)
    expect(leavesCursor(output)).toBe(true)
    expect(output).not.toContain('the result')
  })
})

test('a run of hours does not fill the memory: 2,000 different frames leave less than 1 MB', async () => {
  const frames = await bundle('frames.tsx')
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', frames.file], { timeout: 20_000 })
    const { frames: drawn, grownBytes } = JSON.parse(stdout) as { readonly frames: number; readonly grownBytes: number }
    expect(drawn).toBe(2_000)
    expect(grownBytes).toBeLessThan(1_000_000)
  } finally {
    await frames.remove()
  }
})
