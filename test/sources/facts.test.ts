import { describe, expect, it } from 'vitest'
import { readFacts } from '../../src/sources/facts.ts'
import { testHost } from '../host.ts'

const real = testHost([])

/** A Linux machine with these files. */
function machine(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}): Parameters<typeof readFacts>[0] {
  const read = (path: string): Promise<string> => (files[path] === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(files[path]))
  return { env, machine: { ...real.machine, platform: 'linux', release: '6.1.0' }, files: { ...real.files, read, exists: async (path) => files[path] !== undefined } }
}

describe('what hardly changes about a machine', () => {
  it.each([
    ['NAME="Debian GNU/Linux"\nVERSION_ID="12"\n', 'Debian 12'],
    ['NAME=Fedora\nVERSION_ID=41\n', 'Fedora 41'],
    ["PRETTY_NAME='Some Linux'\n", 'Some Linux'],
    ['NAME="Arch Linux"\n', 'Arch Linux'],
    ['', 'Linux 6.1.0'],
  ])('has the name of the system', async (text, os) => {
    expect((await readFacts(machine({ '/etc/os-release': text }))).os).toBe(os)
  })

  it.each([
    ['docker', { '/.dockerenv': '' }, {}],
    ['podman', { '/run/.containerenv': '', '/.dockerenv': '' }, {}],
    ['kubernetes', { '/.dockerenv': '' }, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }],
    ['lxc', { '/run/systemd/container': 'lxc\n' }, {}],
    ['lxc', {}, { container: 'lxc' }],
    ['docker', { '/proc/1/cgroup': `4:cpu:/docker/${'a'.repeat(64)}\n` }, {}],
    [null, { '/proc/1/cgroup': '0::/init.scope\n' }, {}],
  ])('has the kind of container: %s', async (container, files, env) => {
    expect((await readFacts(machine(files as Record<string, string>, env as Record<string, string>))).container).toBe(container)
  })

  it('is complete for this machine', async () => {
    const facts = await readFacts(real, { '/': { device: '/dev/sda1', type: 'ext4' } })
    expect(facts).toMatchObject({ host: real.machine.name, kernel: real.machine.release, cores: real.machine.cores, filesystems: { '/': { type: 'ext4' } } })
    expect(facts.os).not.toBe('')
  })
})
