import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runLighthouse, type LighthouseReport } from '../../../src/sources/lighthouse/run.ts'

let home: string
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'medianest-pages-'))
  await mkdir(join(home, 'tmp'))
  // What lies in folders above must not decide how the programs are read.
  await writeFile(join(home, 'package.json'), '{"type": "commonjs"}')
})
afterEach(() => rm(home, { recursive: true, force: true }))

/** A program of one line of JavaScript that first writes down its process and its words. */
async function program(path: string, script: string): Promise<void> {
  const whole = join(home, path)
  await mkdir(dirname(whole), { recursive: true })
  await writeFile(whole, `#!${process.execPath}\nconst fs = require('fs'); const words = process.argv.slice(2); fs.appendFileSync(${JSON.stringify(join(home, 'started'))}, process.pid + ' ' + words.join(' ') + '\\n')\nconst word = (name) => words.find((each) => each.startsWith(name)).slice(name.length)\n${script}\n`)
  await chmod(whole, 0o755)
}

const LISTENS = "fs.writeFileSync(word('--user-data-dir=') + '/DevToolsActivePort', '4711\\n/devtools'); setInterval(() => {}, 1000)"
const WRITES = "fs.writeFileSync(word('--output-path='), JSON.stringify({ lighthouseVersion: '12', runtimeError: undefined }))"
const run = (parts: Partial<Parameters<typeof runLighthouse>[0]> = {}): Promise<readonly LighthouseReport[]> => runLighthouse({
  url: 'http://127.0.0.1:1/', runs: 1, signal: new AbortController().signal, env: { PATH: join(home, 'bin') }, cwd: home, kill: (pid, signal) => void process.kill(pid, signal), log: () => undefined, limitMs: 10_000, ...parts,
})
const started = async (): Promise<{ readonly pid: number; readonly words: string }[]> => (await readFile(join(home, 'started'), 'utf8').catch(() => '')).trim().split('\n').filter((line) => line !== '').map((line) => ({ pid: Number(line.split(' ')[0]), words: line }))
const profiles = async (): Promise<string[]> => (await started()).flatMap(({ words }) => /--user-data-dir=(\S+)/.exec(words)?.[1] ?? [])

describe('an installed Lighthouse', () => {
  it('measures a page in a browser of its own each time, and leaves nothing behind', async () => {
    await program('bin/chromium', LISTENS)
    await program('node_modules/.bin/lighthouse', WRITES)
    const told: string[] = []
    const reports = await run({ runs: 2, cwd: join(home, 'tmp'), log: (line) => void told.push(line) })
    expect(reports).toEqual([{ file: 'Lighthouse run 1', report: { lighthouseVersion: '12' } }, { file: 'Lighthouse run 2', report: { lighthouseVersion: '12' } }])
    expect(told).toEqual(['Lighthouse 1 of 2: http://127.0.0.1:1/', 'Lighthouse 2 of 2: http://127.0.0.1:1/'])
    expect((await started()).filter(({ words }) => words.includes('--port=4711'))).toHaveLength(2)
    expect((await started()).filter(({ pid }) => alive(pid))).toEqual([])
    const folders = await profiles()
    expect(new Set(folders).size).toBe(2)
    for (const folder of folders) await expect(readdir(folder)).rejects.toThrow('ENOENT')
  })

  it('is ended together with its browser when the signal aborts', async () => {
    await program('bin/chromium', LISTENS)
    await program('bin/lighthouse', "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)")
    const end = new AbortController()
    const running = expect(run({ signal: end.signal })).rejects.toThrow('enough')
    for (let tries = 0; tries < 200 && (await started()).length < 2; tries++) await pause(25)
    end.abort(new Error('enough'))
    await running
    expect((await started()).map(({ pid }) => alive(pid))).toEqual([false, false])
  })

  it.each([
    ['the page cannot be loaded', LISTENS, "fs.writeFileSync(word('--output-path='), JSON.stringify({ runtimeError: { code: 'NO_FCP', message: 'nothing was painted' } })); process.exitCode = 1", 'PAGE_FAILED', 'Lighthouse could not measure http://127.0.0.1:1/: NO_FCP, nothing was painted'],
    ['it hangs', LISTENS, 'setInterval(() => {}, 1000)', 'PAGE_FAILED', 'Lighthouse was not done with http://127.0.0.1:1/ after 1 s'],
    ['it fails without a report', LISTENS, "console.error('SyntaxError: this Node is too old'); process.exitCode = 3", 'LIGHTHOUSE_FAILED', 'ended with 3 and wrote no report: SyntaxError: this Node is too old'],
    ['it writes half a report', LISTENS, "fs.writeFileSync(word('--output-path='), '{\"audits\":')", 'LIGHTHOUSE_FAILED', 'ended with 0 and wrote no report'],
    ['the browser does not start', "console.error('cannot open shared memory'); process.exitCode = 1", WRITES, 'BROWSER_FAILED', 'did not start or crashed: cannot open shared memory'],
    ['the browser crashes', `${LISTENS}; setTimeout(() => { console.error('out of memory'); process.exit(1) }, 300)`, 'setInterval(() => {}, 1000)', 'BROWSER_FAILED', 'did not start or crashed: out of memory'],
  ])('says so when %s', async (_what, browser, lighthouse, code, message) => {
    await program('bin/chromium', browser)
    await program('bin/lighthouse', lighthouse)
    await expect(run({ limitMs: 1_000 })).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string })
    expect((await started()).filter(({ pid }) => alive(pid))).toEqual([])
  })

  it('says how to install what is not there', async () => {
    await expect(run()).rejects.toMatchObject({ code: 'NO_LIGHTHOUSE', hint: expect.stringContaining('npm install --save-dev lighthouse') as string })
    await program('bin/lighthouse', WRITES)
    await expect(run()).rejects.toMatchObject({ code: 'NO_BROWSER', hint: expect.stringContaining('apt install chromium') as string })
    await expect(run({ env: { PATH: join(home, 'bin'), CHROME_PATH: '/nowhere' } })).rejects.toMatchObject({ message: 'CHROME_PATH names /nowhere, which cannot be run' })
  })

  it.each(['file:///etc/passwd', 'chrome://version', '--help', 'http://me:hush@127.0.0.1/'])('is not sent to %s', async (url) => {
    await expect(run({ url })).rejects.toMatchObject({ code: 'INVALID_VALUE', message: expect.not.stringContaining('hush') as string })
  })
})
