/** Where a Linux system says what it does, and its clocks. */
export interface LinuxWorld {
  /** `/proc`. */
  readonly proc: string
  /** `/sys`. */
  readonly sys: string
  /** `/sys/fs/cgroup`. */
  readonly cgroup: string
  /** `/run`. */
  readonly run: string
  monotonicMs(): number
  /** Milliseconds since 1970. */
  wallMs(): number
}
