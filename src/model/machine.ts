/** How busy a machine is: ratios in 0..1, network in bytes per second; NaN where it cannot be told. */
export interface MachineUsage {
  readonly cpu: number
  readonly memory: number
  readonly disk: number
  readonly network: number
}

/** The most and the mean of what was seen over a time. */
export interface MachineUsageSummary {
  readonly peak: MachineUsage
  readonly average: MachineUsage
}
