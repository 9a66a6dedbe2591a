import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { main } from '../../src/main.ts'
import { testHost } from '../host.ts'

async function compare(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const host = testHost(['compare', ...argv])
  const code = await main(host)
  return { code, out: host.out(), err: host.err() }
}

const A = 'http://127.0.0.1:4001'
const B = 'http://127.0.0.1:4002'

describe('compare of running builds', () => {
  it.each<[string, string[], RegExp]>([
    ['one side alone', ['--base-url', A], /the current side is missing[^]*--head-url/],
    ['twice the same address', ['--base-url', A, '--head-url', 'http://localhost:4001/'], /both sides are[^]*two ports/],
    ['twice the same path', ['--base-url', A, '--head-url', A, '/x'], /both sides are/],
    ['two scenarios', ['--base-url', A, '--head-url', B, '/x', '/y'], /\/x \/y are 2/],
    ['flags of files', ['--base-url', A, '--head-url', B, '--per', 'run'], /--per belongs to files/],
    ['flags of builds for files', ['a.json', 'b.json', '--ready', '/health'], /--ready belongs to running builds/],
    ['a figure that nobody knows', ['--base-url', A, '--head-url', B, '--gate', 'cpu.per_request'], /no such figure[^]*http\.duration p\(50\)[^]*--base-cmd/],
    ['an address that is none', ['--base-url', '127.0.0.1:4001', '--head-url', B], /--base-url: "127\.0\.0\.1:4001" is not an http or https address/],
    ['a password in an address', ['--base-url', 'http://me:secret@127.0.0.1/', '--head-url', B], /has a user name and password/],
  ])('refuses %s', async (_title, argv, expected) => {
    const { code, err } = await compare(...argv)
    expect(code).toBe(64)
    expect(err).toMatch(expected)
    expect(err).not.toContain('secret')
  })

  it('compares two paths of one server', async () => {
    const server = createServer((request, response) => response.writeHead(request.url === '/new' ? 404 : 200).end())
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { code, out } = await compare('--base-url', `${url}/old`, '--head-url', `${url}/new`, '--slice', '100ms', '--format', 'json')
    server.closeAllConnections()
    server.close()
    // Answers that all fail have nothing to measure.
    expect(code).toBe(2)
    expect((JSON.parse(out) as { findings: { id: string }[] }).findings.map(({ id }) => id)).toContain('all-failed:head')
  })

  it('gives no verdict where the baseline breaks down while it is measured', async () => {
    let asked = 0
    const server = createServer((request, response) => setTimeout(() => response.writeHead(request.url === '/old' && ++asked > 200 ? 500 : 200).end(), 2))
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { code, out } = await compare('--base-url', `${url}/old`, '--head-url', `${url}/new`, '--slice', '150ms', '--tolerance', '0.0001%', '--gate', 'http.failed', '--format', 'json')
    server.closeAllConnections()
    server.close()
    expect(code).toBe(2)
    expect((JSON.parse(out) as { findings: { id: string }[] }).findings.map(({ id }) => id)).toContain('all-failed:base')
  })

  it('does not take another program for the build it is to start', async () => {
    const server = createServer((_, response) => response.end())
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { code, err } = await compare('--base-cmd', 'sleep 30', '--base-url', url, '--head-url', B)
    server.close()
    expect(code).toBe(65)
    expect(err).toMatch(/answers at .* already, before the build of the baseline is started/)
  })

  it('says that nothing answers', async () => {
    const { code, out } = await compare('--base-url', 'http://127.0.0.1:1', '--head-url', 'http://127.0.0.1:2', '--slice', '100ms')
    expect(code).toBe(69)
    expect(out).toMatch(/nothing answered at http:\/\/127\.0\.0\.1:1/)
  })

  const BUILD = (then: string): string => `node -e "require('http').createServer((question, answer) => setTimeout(() => answer.end(), 2)).listen(process.env.PORT); ${then}"`

  it('tells somebody who broke it off what it does, and to let it finish', async () => {
    const host = testHost(['compare', '--base-cmd', BUILD(''), '--head-cmd', BUILD(''), '--slice', '100ms'])
    const look = setInterval(() => host.err().includes('pair 4 of') && !host.interrupts.drain.aborted && host.interrupt(), 20)
    const code = await main(host)
    clearInterval(look)
    expect(code).toBe(130)
    expect(host.err()).toMatch(/stopping the builds\n$/)
    expect(host.out().replace(/\s+/g, ' ')).toContain('let it finish: it is judged after 8, 16, 30 pairs')
    expect(host.out()).not.toContain('measure longer slices')
  })

  it('repeats the last words of a build that ended in one note', async () => {
    const { code, out } = await compare('--base-cmd', BUILD(''), '--head-cmd', BUILD("console.log('one\\ntwo\\nthree'); setTimeout(() => process.exit(3), 1500)"), '--slice', '150ms')
    expect(code).toBe(69)
    expect(out.replace(/\s+/g, ' ')).toContain('the build of the current side said last: one / two / three')
  })
})
