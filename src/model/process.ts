/** What does not change while a process runs one program. Texts are as the system gives them, so untrusted: `plain()` before they are shown. */
export interface Program {
  readonly pid: number
  /** Short name, 15 bytes on Linux. */
  readonly name: string
  /** The command line with its arguments; the name in brackets for threads of the kernel. */
  readonly command: string
  readonly user: string
  /** NaN where there are no numbers for users. */
  readonly uid: number
  /** Short name or id of the container it runs in; null outside. */
  readonly container: string | null
  readonly isKernel: boolean
  /** Milliseconds since 1970; with the pid it names a process for ever. */
  readonly startedAt: number
}

/** A process at one instant. */
export interface Process {
  readonly program: Program
  readonly parent: number
  /** One letter, as in `ps`: R S D Z T I. */
  readonly state: string
  readonly threads: number
  /** Share of one processor since the look before; more than 1 with several threads; NaN the first time it is seen. */
  readonly cpu: number
  /** Processor time since it began, milliseconds. */
  readonly cpuTimeMs: number
  readonly residentBytes: number
  /** Share of the memory this system may use. */
  readonly memory: number
  /** Bytes per second from and to disks; NaN where it may not be seen. */
  readonly readRate: number
  readonly writeRate: number
}

/** One process for ever: a pid is used again, a pid with its start is not. */
export function processKey({ pid, startedAt }: Pick<Program, 'pid' | 'startedAt'>): string {
  return `${pid}@${startedAt}`
}
