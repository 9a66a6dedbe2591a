import { readlinkSync } from 'node:fs'
import { isLocal, type Mount } from './mountinfo.ts'

/** Where a path leads: the mount it is on, and as much of it without links as could be found out without asking a file system that may hang. */
export interface Place {
  /** undefined where the system lists none for it. */
  readonly mount: Mount | undefined
  readonly path: string
  /** Whether the path is the mount point itself. */
  readonly isMountpoint: boolean
  /** Whether to ask for it in a child: whether it is there at all is then not known. */
  readonly mayHang: boolean
  readonly problem: 'absent' | 'refused' | null
}

const MOST_LINKS = 40

/** Follows an absolute path step by step (path_resolution(7)). `mounts` holds by mount point what is on top there. */
export function findPlace(path: string, mounts: ReadonlyMap<string, Mount>): Place {
  let real = '/'
  let rest = path.split('/')
  let links = 0
  const place = (problem: Place['problem'] = null): Place => {
    const left = rest.filter((part) => part !== '' && part !== '.')
    const mount = mountOf(real, mounts)
    return { mount, path: join(real, left.join('/')), isMountpoint: left.length === 0 && mount?.mountpoint === real, mayHang: mount !== undefined && !isLocal(mount), problem }
  }
  for (;;) {
    const here = mounts.get(real)
    if (here !== undefined && !isLocal(here)) return place()
    const part = rest.shift()
    if (part === undefined) return place()
    if (part === '' || part === '.') continue
    if (part === '..') {
      real = real.slice(0, real.lastIndexOf('/')) || '/'
      continue
    }
    const next = join(real, part)
    // Even to ask what is mounted there whether it is a link may take for ever.
    const target = mounts.has(next) ? null : targetOf(next)
    if (target === 'absent' || target === 'refused') {
      rest.unshift(part)
      return place(target)
    }
    if (target === null) {
      real = next
      continue
    }
    if (++links > MOST_LINKS) return place('absent')
    rest = [...target.to.split('/'), ...rest]
    if (target.to.startsWith('/')) real = '/'
  }
}

/** The mounts by their mount points; of several on one the last, which covers the others. */
export function mountsByPath(mounts: readonly Mount[]): ReadonlyMap<string, Mount> {
  return new Map(mounts.map((mount) => [mount.mountpoint, mount]))
}

/** Where a link leads; null for what is none. */
function targetOf(path: string): { readonly to: string } | null | 'absent' | 'refused' {
  try {
    return { to: readlinkSync(path) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EINVAL' ? null : code === 'EACCES' || code === 'EPERM' ? 'refused' : 'absent'
  }
}

function mountOf(path: string, mounts: ReadonlyMap<string, Mount>): Mount | undefined {
  for (let at = path; at !== '/'; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const mount = mounts.get(at)
    if (mount) return mount
  }
  return mounts.get('/')
}

function join(folder: string, name: string): string {
  return name === '' ? folder : folder === '/' ? `/${name}` : `${folder}/${name}`
}
