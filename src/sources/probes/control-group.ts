import { existsSync, readFileSync } from 'node:fs'
import { unescapeOctal } from '../octal-escape.ts'
import type { LinuxWorld } from './linux-world.ts'

/** Where a controller keeps the files of the group this process is in. */
export interface ControlGroup {
  readonly version: 1 | 2
  /** The group's folder, then those above it up to the mount. */
  readonly folders: readonly string[]
  /** It is the topmost there is, as far as can be seen: inside a namespace that is the namespace's. */
  readonly isTop: boolean
}

interface Mount {
  readonly version: 1 | 2
  /** Which part of the hierarchy the mount shows, as seen from our namespace. */
  readonly root: string
  readonly point: string
  readonly controllers: readonly string[]
}

/** What /proc says of this process's groups and where they are mounted; `groups` is the whole text of the one, to see whether it changed. */
export interface Membership {
  readonly groups: string
  readonly mounts: readonly Mount[]
}

/** Reads the membership; the mounts of an earlier one are taken over while the groups are the same. */
export function readMembership({ proc, cgroup }: LinuxWorld, before: Membership | null): Membership {
  const groups = textOf(`${proc}/self/cgroup`)
  if (before?.groups === groups) return before
  return { groups, mounts: parseMounts(textOf(`${proc}/self/mountinfo`), cgroup) }
}

/** The group for a controller; null where there is none to be seen. */
export function controlGroup({ groups, mounts }: Membership, controller: string): ControlGroup | null {
  const paths = parsePaths(groups)
  return locate(mounts.filter(({ version, controllers }) => version === 1 && controllers.includes(controller)), paths.get(controller))
    ?? locate(mounts.filter(({ version }) => version === 2), paths.get(''))
}

/** `4:cpu,cpuacct:/path` of version 1, `0::/path` of version 2 (cgroups(7)). */
function parsePaths(text: string): Map<string, string> {
  const paths = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, id, controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? []
    if (id !== undefined) for (const controller of controllers.split(',')) paths.set(controller, path)
  }
  return paths
}

/** `31 23 0:28 /root /point rw - cgroup cgroup rw,memory` (proc_pid_mountinfo(5)). */
function parseMounts(text: string, cgroup: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ', 2)
    const [, , , root, point] = left.split(' ')
    const [type, , options = ''] = right.split(' ')
    if ((type !== 'cgroup' && type !== 'cgroup2') || root === undefined || point === undefined) return []
    return [{ version: type === 'cgroup' ? 1 : 2, root: unescapeOctal(root), point: unescapeOctal(point).replace(/^\/sys\/fs\/cgroup(?=\/|$)/, () => cgroup), controllers: options.split(',') } as const]
  })
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '')

/** Among several mounts the one that shows our group with the most of the groups above it counts. */
function locate(mounts: readonly Mount[], path: string | undefined): ControlGroup | null {
  if (path === undefined) return null
  const own = partsOf(path)
  const shows = ({ root }: Mount): boolean => partsOf(root).every((part, index) => own[index] === part)
  const showing = mounts.filter(shows)
  let best: ControlGroup | null = null
  for (const { version, root, point } of showing.length > 0 ? showing : mounts) {
    // Of a namespace that we left, or of which the mount shows another part, only the mount itself is known.
    const below = showing.length > 0 ? own.slice(partsOf(root).length) : []
    const depth = below.includes('..') ? 0 : below.length
    const folders = Array.from({ length: depth + 1 }, (_, up) => [point, ...below.slice(0, depth - up)].join('/')).filter((folder) => existsSync(folder))
    if (folders.length > (best?.folders.length ?? 0)) best = { version, folders, isTop: folders.length === 1 && partsOf(root).length === 0 }
  }
  return best
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
