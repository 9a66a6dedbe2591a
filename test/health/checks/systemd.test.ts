import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { look } from '../../../src/health/checks/systemd.ts'
import type { HealthWorld } from '../../../src/health/world.ts'
import { run, said, world } from './system-world.ts'

const folder = mkdtempSync(join(tmpdir(), 'systemd-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A world in which `systemctl` is this script. */
function withSystemctl(script: string): HealthWorld {
  const bin = mkdtempSync(join(folder, 'bin-'))
  writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, 'systemctl'), 0o755)
  return world({ env: { PATH: `${bin}:/usr/bin:/bin` } })
}

interface Shown { readonly load?: string; readonly active?: string; readonly sub?: string; readonly result?: string; readonly restarts?: number; readonly condition?: string; readonly since?: string }

function block(id: string, { load = 'loaded', active = 'active', sub = 'running', result = 'success', restarts = 0, condition = 'yes', since = 'Sat 2026-11-21 09:00:00 UTC' }: Shown = {}): string {
  const isUp = active === 'active'
  return `Result=${result}\nNRestarts=${restarts}\nId=${id}\nLoadState=${load}\nActiveState=${active}\nSubState=${sub}\nActiveEnterTimestamp=${isUp ? since : ''}\nInactiveEnterTimestamp=${isUp ? '' : since}\nConditionResult=${condition}`
}

const prints = (...blocks: readonly string[]): HealthWorld => withSystemctl(`cat <<'END'\n${blocks.join('\n\n')}\nEND`)

describe('units', () => {
  it.each([
    [{}, 'ok: app.service running for 3h'],
    [{ sub: 'exited' }, 'ok: app.service exited for 3h'],
    [{ active: 'reloading', sub: 'reload' }, 'ok: app.service reload'],
    [{ active: 'activating', sub: 'start' }, 'warn: app.service is still starting'],
    [{ active: 'activating', sub: 'auto-restart', result: 'exit-code', restarts: 57 }, 'fail: app.service keeps ending (exit-code), started again 57 times'],
    [{ active: 'deactivating', sub: 'stop-sigterm' }, 'warn: app.service is being stopped'],
    [{ active: 'inactive', sub: 'dead' }, 'fail: app.service is not running, 3h ago'],
    [{ active: 'inactive', sub: 'dead', since: '' }, 'fail: app.service is not running'],
    [{ active: 'inactive', sub: 'dead', since: '', condition: 'no' }, 'fail: app.service was not started: a condition of it is not met'],
    [{ active: 'failed', sub: 'failed', result: 'oom-kill', restarts: 5 }, 'fail: app.service has failed (oom-kill), started again 5 times, 3h ago'],
    [{ load: 'not-found', active: 'inactive', sub: 'dead', since: '' }, 'fail: app.service is not there'],
    [{ load: 'masked', active: 'inactive', sub: 'dead', since: '' }, 'fail: app.service is masked: it may not be started'],
    [{ load: 'bad-setting', active: 'inactive', sub: 'dead', since: '' }, 'fail: app.service has a mistake in its file'],
    [{ active: 'dreaming' }, 'unknown: app.service is in a state nobody knows: dreaming'],
  ] as const)('%o', async (shown, expected) => expect(await said(look, { type: 'systemd', unit: 'app' }, prints(block('app.service', shown)))).toBe(expected))

  it('are asked together, the worst first, and none goes lost', async () => {
    const { message, recommendation, details, measures } = await run(look, { type: 'systemd', unit: ['a', 'b', 'c'] }, prints(block('a.service'), block('b.service', { active: 'activating' }), block('c.service', { active: 'failed', result: 'signal', since: '' })))
    expect(message).toBe('c.service has failed (signal); b.service is still starting')
    expect(recommendation).toBe('see why with: journalctl -u c.service -n 50; then: systemctl restart c.service')
    expect(details).toMatchObject({ units: { 'a.service': { state: 'active', subState: 'running', restarts: 0 }, 'c.service': { state: 'failed' } } })
    expect(measures).toHaveLength(3)
  })

  it('of several patterns must each be there', async () => {
    const some = withSystemctl(`for word; do last=$word; done; [ "$last" = 'app@*' ] || cat <<'END'\n${block('web.service')}\nEND`)
    expect(await said(look, { type: 'systemd', unit: ['web', 'app@*'] }, some)).toBe('fail: no unit matches app@*')
    expect(await said(look, { type: 'systemd', unit: ['web', 'we*'] }, some)).toMatch(/^ok: /)
  })

  it('are given to the program as words, after `--`, in the language of the program', async () => {
    const asked = join(folder, 'asked')
    const stand = withSystemctl(`printf '%s\\n' "$LC_ALL" "$TZ" "$@" > '${asked}'; cat <<'END'\n${block('x.service')}\nEND`)
    await run(look, { type: 'systemd', unit: ['--now; touch /tmp/never', '$(id)'] }, stand)
    const { readFileSync } = await import('node:fs')
    const words = readFileSync(asked, 'utf8').trim().split('\n')
    expect(words.slice(0, 3)).toEqual(['C', 'UTC', 'show'])
    expect(words.slice(words.indexOf('--'))).toEqual(['--', '--now; touch /tmp/never', '$(id)'])
  })

  it.each([
    ['echo "System has not been booted with systemd as init system (PID 1). Can\'t operate." >&2; echo "Failed to connect to bus: Host is down" >&2; exit 1', 'unknown: this system was not started by systemd'],
    ['echo "Failed to dump process list: \u001b[31mAccess denied" >&2; exit 1', 'unknown: systemctl failed: Failed to dump process list: \ufffd[31mAccess denied'],
    ['exit 3', /^unknown: systemctl failed/],
    ['true', 'fail: no unit matches app'],
  ])('whatever it says: %s', async (script, expected) => {
    const text = await said(look, { type: 'systemd', unit: 'app' }, withSystemctl(script))
    if (typeof expected === 'string') expect(text).toBe(expected)
    else expect(text).toMatch(expected)
  })

  it('that are not told in time are unknown, and the program does not live on', async () => {
    const pidFile = join(folder, 'pid')
    const startedAt = performance.now()
    const outcome = await run(look, { type: 'systemd', unit: 'app' }, withSystemctl(`echo $$ > '${pidFile}'; exec sleep 60`), 700)
    expect(outcome).toMatchObject({ verdict: 'unknown', message: 'systemd does not answer' })
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    const { readFileSync } = await import('node:fs')
    await expect.poll(() => existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`)).toBe(false)
  })

  it('are unknown where there is no systemctl', async () => {
    expect(await said(look, { type: 'systemd', unit: 'app' }, world({ env: { PATH: folder } }))).toBe('unknown: there is no systemctl here')
  })

  it.skipIf(!existsSync('/usr/bin/systemctl') || existsSync('/run/systemd/system'))('are unknown in a container with the real systemctl (needs systemctl, and that systemd has not started this system)', async () => {
    expect(await said(look, { type: 'systemd', unit: 'cron' }, world({ env: process.env }))).toBe('unknown: this system was not started by systemd')
  })
})
