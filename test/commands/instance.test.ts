import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findInstances, oneInstance, refuseInstance, type Instance } from '../../src/commands/instance.ts'
import type { GlobalValues } from '../../src/commands/global.ts'
import { loadConfig } from '../../src/config.ts'
import { testHost } from '../host.ts'

const SECRET = 'eyJhbGciOi.hunter2'
const none: GlobalValues = { config: undefined, format: undefined, output: undefined, url: undefined, tokenFile: undefined, token: undefined, timeout: undefined, quiet: undefined, color: undefined, ci: undefined, strict: undefined }

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'medianest-instance-'))
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(path, name), text)
    chmodSync(join(path, name), 0o600)
  }
  return path
}

type Given = Omit<Partial<GlobalValues>, 'url'> & { readonly url?: string }

async function find({ url, ...global }: Given, env: Record<string, string> = {}, cwd = folder({})): Promise<{ instance: Instance | null; notes: string[] }> {
  const host = testHost([], { cwd, env })
  const notes: string[] = []
  const instances = await findInstances(host, await loadConfig(host, undefined), { ...none, ...global, url: url === undefined ? undefined : [url] }, async (text) => void notes.push(text))
  return { instance: oneInstance(instances), notes }
}

describe('the instance that is asked', () => {
  it('is none unless one is named', async () => {
    expect(await find({})).toEqual({ instance: null, notes: [] })
    expect(await find({}, { MEDIANEST_API_URL: '', MEDIANEST_TOKEN: SECRET })).toEqual({ instance: null, notes: [] })
  })

  it('is named by flag, environment or configuration, in that order', async () => {
    const cwd = folder({ 'medianest-perf.yaml': 'instance: {url: "http://127.0.0.1:1003", tokenFile: t}\n', t: 'from-file\n' })
    expect((await find({}, {}, cwd)).instance).toEqual({ url: 'http://127.0.0.1:1003', token: 'from-file' })
    expect((await find({}, { MEDIANEST_API_URL: 'http://127.0.0.1:1002/', MEDIANEST_TOKEN: 'from-env' }, cwd)).instance).toEqual({ url: 'http://127.0.0.1:1002', token: 'from-env' })
    expect((await find({ url: 'http://127.0.0.1:1001/perf/', token: 'from-flag' }, { MEDIANEST_API_URL: 'http://127.0.0.1:1002', MEDIANEST_TOKEN: 'from-env' }, cwd)).instance).toEqual({ url: 'http://127.0.0.1:1001/perf', token: 'from-flag' })
  })

  it('may be several where several can be shown', async () => {
    const host = testHost([], { cwd: folder({}) })
    const instances = await findInstances(host, await loadConfig(host, undefined), { ...none, url: ['nas:1', 'https://web/'], token: SECRET }, async () => undefined)
    expect(instances).toEqual([{ url: 'http://nas:1', token: SECRET }, { url: 'https://web', token: SECRET }])
    expect(() => oneInstance(instances)).toThrow(expect.objectContaining({ code: 'ONE_INSTANCE', kind: 'usage' }))
  })

  it('may be named without http://', async () => {
    expect((await find({ url: 'nas:4000' })).instance?.url).toBe('http://nas:4000')
  })

  it('takes a token from a file, which the configuration names from where it is itself', async () => {
    const cwd = folder({ 'medianest-perf.yaml': 'instance: {url: "http://127.0.0.1:1", tokenFile: t}\n', t: `  ${SECRET}\n\n` })
    mkdirSync(join(cwd, 'deep'))
    expect(await find({}, {}, join(cwd, 'deep'))).toEqual({ instance: { url: 'http://127.0.0.1:1', token: SECRET }, notes: [] })
    expect((await find({ tokenFile: 't' }, { MEDIANEST_TOKEN: 'other' }, cwd)).instance?.token).toBe(SECRET)
    expect((await find({ url: 'http://127.0.0.1:1' }, { MEDIANEST_TOKEN_FILE: join(cwd, 't') })).instance?.token).toBe(SECRET)
  })

  it('warns of a token that others can see, and never says it', async () => {
    const cwd = folder({ t: SECRET })
    chmodSync(join(cwd, 't'), 0o644)
    const notes = [
      ...(await find({ url: 'http://127.0.0.1:1', token: SECRET })).notes,
      ...(await find({ url: 'http://localhost:1', tokenFile: 't' }, {}, cwd)).notes,
      ...(await find({ url: 'http://nas:1' }, { MEDIANEST_TOKEN: SECRET })).notes,
    ]
    expect(notes).toEqual([expect.stringContaining('list of processes'), expect.stringContaining('chmod 600'), expect.stringContaining('unencrypted')])
    expect(notes.join()).not.toContain(SECRET)
    expect((await find({ url: 'https://nas:1' }, { MEDIANEST_TOKEN: SECRET })).notes).toEqual([])
  })

  it.each([
    ['', 'INVALID_URL', '"" is no address'],
    ['nas:99999', 'INVALID_URL', '"nas:99999" is no address'],
    ['ftp://nas', 'INVALID_URL', 'no http(s) address'],
    [`http://admin:${SECRET}@nas`, 'INVALID_URL', 'must not hold a name or password'],
    [`http://admin:${SECRET}@nas:99999`, 'INVALID_URL', 'no address'],
    [`http://nas/?token=${SECRET}`, 'INVALID_URL', 'must not hold a query'],
    ['http://\u001b[2J', 'INVALID_URL', 'no address'],
  ])('must be an address that can be asked and told: %s', async (url, code, message) => {
    const failure: Error & { code?: string } = await find({ url }).then(() => expect.unreachable(), (error: Error) => error)
    expect(failure.code).toBe(code)
    expect(failure.message).toContain(message)
    expect(JSON.stringify(failure) + failure.message + failure.stack).not.toMatch(/hunter2|\u001b/)
  })

  it.each([
    ['', 'is empty'], [' \n', 'is empty'], [`${SECRET}\nsecond line`, 'is no token'], [`${SECRET}\u0000`, 'is no token'], [`ключ${SECRET}`, 'is no token'], [SECRET.repeat(2_000), 'longer'],
  ])('must have a token that a header can carry: %j', async (text, message) => {
    const failure: Error & { code?: string } = await find({ url: 'http://127.0.0.1:1', tokenFile: 't' }, {}, folder({ t: text })).then(() => expect.unreachable(), (error: Error) => error)
    expect(failure.code).toBe('INVALID_TOKEN')
    expect(failure.message).toContain(message)
    expect(JSON.stringify(failure) + failure.message).not.toContain('hunter2')
  })

  it('needs the token file that is named, and an instance for a token', async () => {
    await expect(find({ url: 'http://127.0.0.1:1', tokenFile: 'nowhere' })).rejects.toMatchObject({ code: 'TOKEN_FILE', kind: 'input' })
    await expect(find({ token: SECRET })).rejects.toMatchObject({ code: 'NO_INSTANCE', message: '--token is for an instance, and none is named' })
  })

  it('is refused by flag, and only by flag, where a command cannot ask one', () => {
    expect(() => refuseInstance('demo', { ...none, url: ['http://nas'] }, ['top', 'metrics'])).toThrow(expect.objectContaining({ code: 'NOT_REMOTE', hint: 'top, metrics can' }))
    expect(() => refuseInstance('demo', { ...none, token: SECRET }, ['top'])).toThrow('so --token means nothing')
    expect(() => refuseInstance('demo', none, ['top'])).not.toThrow()
  })
})
