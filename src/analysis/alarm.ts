/** Something that went over a level and, perhaps, back. */
export interface Alarm {
  readonly id: string
  readonly level: 'warning' | 'critical'
  /** `CPU > 90%`, `/data > 85%`; text that an instance sent is untrusted. */
  readonly text: string
  /** Milliseconds since 1970. */
  readonly since: number
  /** When it was over; null while it goes on. */
  readonly until: number | null
}
