import { readFileSync, readdirSync, statSync } from 'node:fs'

/** The container of a control group: the name where the group tells it, else the full id. */
export interface ContainerGroup {
  readonly name: string | null
  readonly id: string | null
}

const ID = /(?:^|[/:-])([0-9a-f]{64})(?=\.scope|\/|$)/g
const LXC = /\/lxc(?:\.payload)?[./]([^/]+)/
const MACHINE = /\/machine-(?:qemu\\x2d\d+\\x2d)?([^/]+)\.scope|\/systemd-nspawn@([^/]+)\.service/

/** Which container a process is in, from the text of its `/proc/PID/cgroup` (cgroups(7)); null outside, and where our own namespace hides it. */
export function containerGroup(text: string): ContainerGroup | null {
  for (const line of text.split('\n')) {
    const path = line.slice(line.indexOf(':', line.indexOf(':') + 1) + 1)
    if (path.length < 5) continue
    // The monitors of podman and CRI-O carry the id of their container but run outside.
    const id = path.includes('conmon') ? undefined : [...path.matchAll(ID)].at(-1)?.[1]
    if (id !== undefined) return { name: null, id }
    const [, lxc] = LXC.exec(path) ?? []
    if (lxc !== undefined) return { name: lxc, id: null }
    const [, machine, nspawn] = MACHINE.exec(path) ?? []
    const name = machine ?? nspawn
    if (name !== undefined) return { name: name.replaceAll(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))), id: null }
  }
  return null
}

/** Names containers where the files of their runtimes may be read; else by the first 12 characters of the id. `root` stands before all paths. */
export function openContainers(root = ''): (group: string) => string | null {
  const names = new Map<string, string>()
  const groups = new Map<string, string | null>()
  const nameOf = (id: string): string => {
    const known = names.get(id)
    if (known !== undefined) return known
    const name = dockerName(root, id) ?? podmanName(root, id) ?? kubernetesName(root, id) ?? id.slice(0, 12)
    names.set(id, name)
    return name
  }
  return (text) => {
    const known = groups.get(text)
    if (known !== undefined) return known
    // Containers that come and go must not be remembered for ever.
    if (groups.size >= 1_000) groups.clear()
    if (names.size >= 1_000) names.clear()
    const group = containerGroup(text)
    const name = group === null ? null : group.name ?? nameOf(group.id ?? '')
    groups.set(text, name)
    return name
  }
}

const LARGEST = 4_000_000

function readJson(path: string): unknown {
  try {
    return statSync(path).size > LARGEST ? undefined : JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const fieldOf = (value: unknown, key: string): unknown => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined)

function dockerName(root: string, id: string): string | undefined {
  return textOf(fieldOf(readJson(`${root}/var/lib/docker/containers/${id}/config.v2.json`), 'Name'))?.replace(/^\//, '')
}

function podmanName(root: string, id: string): string | undefined {
  const list = readJson(`${root}/var/lib/containers/storage/overlay-containers/containers.json`)
  const found: unknown = Array.isArray(list) ? list.find((each) => fieldOf(each, 'id') === id) : undefined
  const names = fieldOf(found, 'names')
  return Array.isArray(names) ? textOf(names[0]) : undefined
}

/** The kubelet links each log as `<pod>_<namespace>_<container>-<id>.log`. */
function kubernetesName(root: string, id: string): string | undefined {
  try {
    const file = readdirSync(`${root}/var/log/containers`).find((name) => name.endsWith(`-${id}.log`))
    return textOf(file?.slice(0, -`-${id}.log`.length).split('_').at(-1))
  } catch {
    return undefined
  }
}
