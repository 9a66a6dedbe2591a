import type { Samples } from './snapshot.ts'

/** One file system, asked for its space; texts are untrusted. */
export interface FileSystem {
  /** What was asked for; the mount point where all were. */
  readonly path: string
  readonly mountpoint: string
  /** Whether the path is the mount point itself, links followed. */
  readonly isMountpoint: boolean
  readonly device: string
  readonly type: string
  /** `ok`; `silent` where it did not answer in time, `broken` where it said that it cannot, `absent` where the path is not there, `refused` where it may not be asked. */
  readonly answer: 'ok' | 'silent' | 'broken' | 'absent' | 'refused'
  /** As df counts; NaN where not known. */
  readonly sizeBytes: number
  readonly usedBytes: number
  readonly availableBytes: number
  /** NaN for those that make inodes as they need them. */
  readonly inodes: number
  readonly inodesFree: number
  readonly isReadOnly: boolean
  /** What fstab wants; false also where it was mounted writable and the kernel has made it read-only, as after an error of the disk. Undefined where nobody says. */
  readonly shouldBeReadOnly: boolean | undefined
}

/** An interface of the network. */
export interface NetworkInterface {
  /** Untrusted. */
  readonly name: string
  readonly isUp: boolean
  /** A bridge, a tunnel, the loopback: nothing one could pull a cable from. Where there is nothing else (a container), what leads outside is not. */
  readonly isVirtual: boolean
}

/** What this machine says of itself. */
export interface MachineLook {
  /** Levels and counters; no rates, for there was one look. */
  readonly samples: Samples
  readonly interfaces: readonly NetworkInterface[]
  /** Probes that could not tell, and why. */
  readonly failures: ReadonlyMap<string, string>
}
