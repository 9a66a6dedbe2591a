import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { main } from '../../src/main.ts'
import { testHost, type TestHost } from '../host.ts'

const REPORT = join(import.meta.dirname, '../fixtures/artifacts/lighthouse-1.json')
const LISTENS = "fs.writeFileSync(word('--user-data-dir=') + '/DevToolsActivePort', '4711\\n/devtools'); setInterval(() => {}, 1000)"
const MEASURES = `fs.copyFileSync(${JSON.stringify(REPORT)}, word('--output-path='))`

/** A folder with a budget, and with programs in place of Chromium and Lighthouse. */
function project(lighthouse = MEASURES): string {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-budget-pages-'))
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'package.json'), '{"type": "commonjs"}')
  writeFileSync(join(folder, 'budget.yaml'), 'timing:\n  largestContentfulPaint: {warning: 60s}\n')
  for (const [name, script] of [['chromium', LISTENS], ['lighthouse', lighthouse]] as const) {
    writeFileSync(join(folder, 'bin', name), `#!${process.execPath}\nconst fs = require('fs'); fs.writeFileSync(${JSON.stringify(join(folder, 'started-'))} + '${name}', ''); const word = (name) => process.argv.find((each) => each.startsWith(name)).slice(name.length)\n${script}\n`)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  return folder
}

const budget = (cwd: string, ...words: string[]): TestHost => testHost(['budget', '--budget', 'budget.yaml', ...words], { cwd, env: { PATH: join(cwd, 'bin') } })

/** A port that somebody listens on while `work` is done. */
async function listening<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((_, response) => response.end('hello'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`) // it listens on a port
  } finally {
    server.close()
  }
}

it('keeps the reports that it judged, under the names it says', async () => {
  const cwd = project()
  const { code, host } = await listening(async (url) => {
    const asked = budget(cwd, '--lighthouse', url, '-n', '2', '--keep-reports', 'kept', '--format', 'json')
    return { code: await main(asked), host: asked }
  })
  expect([code, host.err()]).toEqual([0, expect.stringContaining('kept 2 Lighthouse reports in kept: lhr-1.json, lhr-2.json\n')])
  expect(readdirSync(join(cwd, 'kept')).sort()).toEqual(['lhr-1.json', 'lhr-2.json'])
  expect(JSON.parse(readFileSync(join(cwd, 'kept', 'lhr-2.json'), 'utf8'))).toEqual(JSON.parse(readFileSync(REPORT, 'utf8')))
  expect(JSON.parse(host.out())).toMatchObject({ data: { inputs: [{ file: 'kept/lhr-1.json' }, { file: 'kept/lhr-2.json' }] } })
  const again = budget(cwd, 'kept/lhr-1.json', 'kept/lhr-2.json', '--format', 'json')
  expect(await main(again)).toBe(0)
})

it('says before any browser is started that nothing listens there', async () => {
  const gone = await listening((url) => Promise.resolve(url))
  const cwd = project()
  const host = budget(cwd, '--lighthouse', gone)
  expect(await main(host)).toBe(69)
  expect(host.err()).toMatch(/^error: nothing answers at http:\/\/127\.0\.0\.1:\d+\/: 127\.0\.0\.1:\d+ refused the connection\n hint: nothing listens there/)
  expect(readdirSync(cwd).filter((name) => name.startsWith('started'))).toEqual([])
})

it('leaves it to the browser what a proxy answers', async () => {
  const gone = await listening((url) => Promise.resolve(url))
  const cwd = project()
  const host = testHost(['budget', '--lighthouse', gone, '-n', '1'], { cwd, env: { PATH: join(cwd, 'bin'), http_proxy: 'http://127.0.0.1:1' } })
  expect(await main(host)).toBe(0)
})

it('refuses a folder that cannot be written before anything is measured', async () => {
  const cwd = project()
  writeFileSync(join(cwd, 'kept'), 'a file')
  const code = await listening((url) => main(budget(cwd, '--lighthouse', url, '--keep-reports', 'kept')))
  expect([code, readdirSync(cwd).filter((name) => name.startsWith('started'))]).toEqual([65, []])
  expect(await main(budget(cwd, '--keep-reports', 'kept'))).toBe(64)
})

it('says what was interrupted', async () => {
  const cwd = project('setInterval(() => {}, 1000)')
  await listening(async (url) => {
    const host = budget(cwd, '--lighthouse', url)
    const running = main(host)
    for (let tries = 0; tries < 400 && !readdirSync(cwd).includes('started-lighthouse'); tries++) await pause(25)
    host.interrupt()
    expect(await running).toBe(130)
    expect(host.out()).toMatch(/^interrupted while Lighthouse ran, nothing was judged\n/)
  })
})
