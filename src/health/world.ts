import type { InstanceHealth } from '../model/health.ts'
import type { FileSystem, MachineLook } from '../model/machine-look.ts'
import type { Process } from '../model/process.ts'
import type { Samples } from '../model/snapshot.ts'

export type { FileSystem, MachineLook } from '../model/machine-look.ts'

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
  /** Text of a regular file of at most 16 MiB; a pipe is never waited for. Throws Node's error, or one like it. */
  readFile(path: string): Promise<string>
  /** A path of the configuration, from where the configuration is. */
  resolve(path: string): string
  /** This machine; one look serves all checks that ask within a second. */
  machine(): Promise<MachineLook>
  /** Looks twice, so long apart: what can only be told of a time, such as the use of processors. Ends early, with what it has, when the signal says so. */
  usage(overMs: number, signal: AbortSignal): Promise<Samples>
  /** The file systems of these paths, or all that matter; never hangs longer than the deadline, and never rejects. */
  fileSystems(paths: readonly string[] | undefined, deadlineMs: number): Promise<readonly FileSystem[]>
  /** The processes but for this one and what it started or was started by (a shell, flock); one look serves all checks that ask within a second. Rejects where they cannot be listed. */
  processes(): Promise<readonly Process[]>
  /** Sends a signal to a process, or with a negative number to the group it leads. Throws Node's error (`ESRCH`, `EPERM`). */
  kill(pid: number, signal: NodeJS.Signals): void
  /** Asks another instance. Throws UserError where it does not answer, refuses, or says nothing that can be read. */
  askInstance(question: { readonly url: string; readonly token: string | null; readonly timeoutMs: number; readonly insecure: boolean }, signal: AbortSignal): Promise<InstanceHealth>
}
