import { unescapeOctal } from '../octal-escape.ts'

/** One line of mountinfo. */
export interface Mount {
  readonly mountpoint: string
  /** Major and minor number: the same for all mounts of one file system. */
  readonly number: string
  /** The folder of the file system that is mounted, `/` for all of it. */
  readonly root: string
  readonly type: string
  /** `/dev/sda1`, `server:/export`. */
  readonly device: string
  readonly isReadOnly: boolean
  /** It was mounted writable and is read-only now: the kernel did that, as after an error of the disk. */
  readonly isForcedReadOnly: boolean
}

/** Reads `/proc/self/mountinfo` (proc_pid_mountinfo(5)); lines it does not understand are left out. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after] = line.split(' - ', 2)
    if (after === undefined) return []
    const [, , number = '', root = '', mountpoint = '', options = ''] = before.split(' ')
    const [type = '', device = '', superOptions = ''] = after.split(' ')
    if (mountpoint === '' || type === '') return []
    return [{ mountpoint: unescapeOctal(mountpoint), number, root: unescapeOctal(root), type, device: unescapeOctal(device), ...readOnly(options, superOptions, device) }]
  })
}

/** Whoever mounts it read-only sets both options, a bind mount the first; an error of the disk (`errors=remount-ro`) the second alone. */
function readOnly(options: string, superOptions: string, device: string): Pick<Mount, 'isReadOnly' | 'isForcedReadOnly'> {
  const [mount, whole] = [isReadOnly(options), isReadOnly(superOptions)]
  return { isReadOnly: mount || whole, isForcedReadOnly: whole && !mount && device.startsWith('/dev/') }
}

function isReadOnly(options: string): boolean {
  return options === 'ro' || options.startsWith('ro,')
}

/** Answer from memory, so that asking them in this process cannot hang it. */
const LOCAL = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'zfs', 'tmpfs', 'vfat', 'msdos', 'exfat', 'ntfs3', 'jfs', 'reiserfs', 'nilfs2', 'bcachefs', 'overlay', 'hfsplus', 'ubifs', 'minix'])

/** Nothing is stored there, or nothing can be: kernel interfaces, and images that are always full. */
const PSEUDO = new Set([
  'proc', 'sysfs', 'devtmpfs', 'devpts', 'cgroup', 'cgroup2', 'cpuset', 'securityfs', 'selinuxfs', 'smackfs', 'debugfs', 'tracefs', 'configfs', 'fusectl', 'pstore', 'efivarfs', 'bpf', 'mqueue', 'hugetlbfs', 'autofs', 'binfmt_misc', 'rpc_pipefs',
  'nsfs', 'nfsd', 'ramfs', 'rootfs', 'pipefs', 'sockfs', 'anon_inodefs', 'binder', 'resctrl', 'xenfs', 'squashfs', 'erofs', 'cramfs', 'romfs', 'iso9660', 'udf',
  'fuse.lxcfs', 'fuse.gvfsd-fuse', 'fuse.portal', 'fuse.snapfuse', 'fuse.squashfuse', 'fuse.archivemount',
])

/** Whether a file system answers at once, from this machine's memory; anything unknown may not. */
export function isLocal({ type }: Pick<Mount, 'type'>): boolean {
  return LOCAL.has(type)
}

const MOST_MOUNTS = 64

/**
 * The mounts worth showing, `/` first, then as the system lists them; at most 64, those with storage before those in memory.
 * Of several mounts of one file system the one with the shortest path stays; of several on one path the last, which covers the others.
 */
export function mountsThatMatter(mounts: readonly Mount[]): Mount[] {
  const byPath = new Map<string, Mount>()
  for (const mount of mounts) {
    byPath.delete(mount.mountpoint)
    byPath.set(mount.mountpoint, mount)
  }
  const byNumber = new Map<string, Mount>()
  for (const mount of byPath.values()) {
    if (!matters(mount)) continue
    const other = byNumber.get(mount.number)
    if (other === undefined || mount.mountpoint.length < other.mountpoint.length) byNumber.set(mount.number, mount)
  }
  return [...byNumber.values()].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_MOUNTS)
}

function rank({ mountpoint, type }: Mount): number {
  if (mountpoint === '/') return 0
  return type === 'tmpfs' ? 2 : 1
}

function matters({ mountpoint, type }: Mount): boolean {
  if (PSEUDO.has(type)) return false
  // The layers of containers lie on file systems that are shown themselves; inside a container its own is all there is.
  if (type === 'overlay') return mountpoint === '/'
  // Of those in memory only the ones programs write to at will, and the one that stops services when it is full.
  if (type === 'tmpfs') return mountpoint === '/dev/shm' || mountpoint === '/run' || !/^\/(sys|proc|dev|run|var\/run|var\/lib\/(kubelet|docker|containers))\//.test(`${mountpoint}/`)
  return true
}
