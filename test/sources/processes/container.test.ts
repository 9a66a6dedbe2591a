import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openContainers } from '../../../src/sources/processes/container.ts'

const ID = '0123456789ab'.padEnd(64, 'c')

describe('the container of a process', () => {
  it.each([
    ['docker with cgroup v1', `9:name=systemd:/docker/${ID}\n8:pids:/docker/${ID}\n`, '0123456789ab'],
    ['docker with systemd', `0::/system.slice/docker-${ID}.scope\n`, '0123456789ab'],
    ['podman', `0::/machine.slice/libpod-${ID}.scope/container\n`, '0123456789ab'],
    ['a pod', `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1234.slice/cri-containerd-${ID}.scope\n`, '0123456789ab'],
    ['a pod with cgroupfs', `4:memory:/kubepods/besteffort/pod1234/${ID}\n`, '0123456789ab'],
    ['lxc', '0::/lxc.payload.web/init.scope\n', 'web'],
    ['a machine', '0::/machine.slice/machine-my\\x2dbox.scope/payload\n', 'my-box'],
    ['systemd-nspawn', '0::/machine.slice/systemd-nspawn@old.service/payload\n', 'old'],
    ['the monitor of a container', `0::/machine.slice/libpod-conmon-${ID}.scope\n`, null],
    ['a service', '1:name=systemd:/system.slice/ssh.service\n0::/system.slice/ssh.service\n', null],
    ['nothing', '', null],
  ])('is told for %s', (_, text, expected) => {
    expect(openContainers('/nowhere')(text)).toBe(expected)
  })

  it('has the name that docker gave it', () => {
    const root = mkdtempSync(join(tmpdir(), 'root-'))
    try {
      mkdirSync(join(root, 'var/lib/docker/containers', ID), { recursive: true })
      writeFileSync(join(root, 'var/lib/docker/containers', ID, 'config.v2.json'), '{"Name":"/api"}')
      expect(openContainers(root)(`0::/system.slice/docker-${ID}.scope\n`)).toBe('api')
    } finally {
      rmSync(root, { recursive: true })
    }
  })

  it('has the name that a pod gave it, and the id where the files of podman are broken', () => {
    const root = mkdtempSync(join(tmpdir(), 'root-'))
    const other = ID.replace('0', 'f')
    try {
      mkdirSync(join(root, 'var/lib/containers/storage/overlay-containers'), { recursive: true })
      writeFileSync(join(root, 'var/lib/containers/storage/overlay-containers/containers.json'), '[{"id": 3}, nonsense')
      mkdirSync(join(root, 'var/log/containers'), { recursive: true })
      writeFileSync(join(root, 'var/log/containers', `web-0_shop_nginx-${ID}.log`), '')
      const containerOf = openContainers(root)
      expect([containerOf(`0::/kubepods/pod1/${ID}`), containerOf(`0::/kubepods/pod1/${other}`)]).toEqual(['nginx', 'f123456789ab'])
    } finally {
      rmSync(root, { recursive: true })
    }
  })
})
