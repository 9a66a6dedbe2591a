declare module 'asciichart' {
  interface Settings {
    readonly min: number
    readonly max: number
    /** Lines between the least and the greatest value. */
    readonly height: number
    /** Characters before the line, the axis last. */
    readonly offset: number
    /** In this order: axis, tick, two ends of gaps, level, the four bends (up from below, down from above, ...), upright. */
    readonly symbols: readonly string[]
    format(value: number): string
  }
  const asciichart: { plot(values: readonly number[], settings: Settings): string }
  export default asciichart
}
