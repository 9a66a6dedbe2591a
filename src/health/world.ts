import type { InstanceHealth } from '../model/health.ts'
import type { Process } from '../model/process.ts'
import type { Samples } from '../model/snapshot.ts'

/** One file system, asked for its space; texts are untrusted. */
export interface FileSystem {
  /** What was asked for; the mount point where all were. */
  readonly path: string
  readonly mountpoint: string
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
  /** What fstab wants; undefined where it does not name it. */
  readonly shouldBeReadOnly: boolean | undefined
}

/** An interface of the network. */
export interface NetworkInterface {
  /** Untrusted. */
  readonly name: string
  readonly isUp: boolean
  /** A bridge, a tunnel, the loopback: nothing one could pull a cable from. */
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

/** What the checks are given of the world outside: other rooms stand behind it. */
export interface HealthWorld {
  /** Monotonic milliseconds. */
  now(): number
  wallTime(): Date
  /** From 0 to 1. */
  random(): number
  readonly env: Readonly<Record<string, string | undefined>>
  /** Processors this system may use, a control group's limit included. */
  readonly cores: number
  /** Text of a file. Throws Node's error. */
  readFile(path: string): Promise<string>
  /** A path of the configuration, from where the configuration is. */
  resolve(path: string): string
  /** This machine; one look serves all checks of a run. */
  machine(): Promise<MachineLook>
  /** The file systems of these paths, or all that matter; never hangs longer than the deadline, and never rejects. */
  fileSystems(paths: readonly string[] | undefined, deadlineMs: number): Promise<readonly FileSystem[]>
  /** The processes; one look serves all checks of a run. */
  processes(): Promise<readonly Process[]>
  /** Sends a signal to a process, or with a negative number to the group it leads. Throws Node's error (`ESRCH`, `EPERM`). */
  kill(pid: number, signal: NodeJS.Signals): void
  /** Asks another instance. Throws UserError where it does not answer, refuses, or says nothing that can be read. */
  askInstance(question: { readonly url: string; readonly token: string | null; readonly timeoutMs: number; readonly insecure: boolean }, signal: AbortSignal): Promise<InstanceHealth>
}
