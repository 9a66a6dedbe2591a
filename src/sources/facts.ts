import type { Host } from '../host.ts'
import type { SystemFacts } from '../model/snapshot.ts'
import { systemName } from './environment.ts'

type FactsHost = Pick<Host, 'machine' | 'files' | 'env'>

/** What hardly ever changes about this machine; on Linux from a few small files. `filesystems` is what `Mounts.kinds` says. Never rejects. */
export async function readFacts(host: FactsHost, filesystems: SystemFacts['filesystems'] = {}): Promise<SystemFacts> {
  const { name, platform, arch, release, node, cpuModel, cores } = host.machine
  const isLinux = platform === 'linux'
  const [os, container] = isLinux ? await Promise.all([linuxName(host), containerOf(host)]) : [await systemName(host), null]
  return { host: name, os, platform, arch, kernel: release, node, cpuModel, cores, container, filesystems }
}

async function readOr(host: FactsHost, path: string, otherwise = ''): Promise<string> {
  return host.files.read(path).catch(() => otherwise)
}

/** From os-release(5): `Debian 12`, `Ubuntu 22.04`. */
async function linuxName(host: FactsHost): Promise<string> {
  const text = (await readOr(host, '/etc/os-release')) || (await readOr(host, '/usr/lib/os-release'))
  const field = (key: string): string => (new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '').trim().replace(/^(["'])(.*)\1$/, '$2')
  const name = field('NAME').replace(/ GNU\/Linux$/, '')
  return name === '' ? field('PRETTY_NAME') || `Linux ${host.machine.release}` : `${name} ${field('VERSION_ID')}`.trim()
}

const GROUPS = [[/kubepods/, 'kubernetes'], [/libpod/, 'podman'], [/docker/, 'docker'], [/\/lxc[./]/, 'lxc'], [/containerd/, 'containerd'], [/\/ecs\//, 'ecs']] as const

/** Which kind of container this runs in; the most telling sign first. null on a machine of its own. */
async function containerOf(host: FactsHost): Promise<string | null> {
  if (host.env['KUBERNETES_SERVICE_HOST']) return 'kubernetes'
  if (await host.files.exists('/run/.containerenv')) return 'podman'
  if (await host.files.exists('/.dockerenv')) return 'docker'
  // What systemd or the runtime was told (https://systemd.io/CONTAINER_INTERFACE).
  const told = host.env['container'] ?? (await readOr(host, '/run/systemd/container')).trim()
  if (told !== '') return told.split('\n', 1)[0]?.slice(0, 40) ?? null
  const group = await readOr(host, '/proc/1/cgroup')
  return GROUPS.find(([sign]) => sign.test(group))?.[1] ?? null
}
