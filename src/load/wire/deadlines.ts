/** One timer for many deadlines. */
export interface Deadlines {
  /** Sees to it that the sweep runs soon after `deadline` (milliseconds of the same clock). */
  watch(deadline: number): void
  stop(): void
}

/** How late a sweep may come, milliseconds: many deadlines share it. */
const GRAIN_MS = 10

/**
 * Watches deadlines without a timer for each: requests mostly have the same timeout, so the earliest deadline is far away
 * whenever the sweep has just run. `sweep` ends what is overdue and returns the earliest deadline that is left (or Infinity).
 */
export function createDeadlines(now: () => number, sweep: (at: number) => number): Deadlines {
  let timer: NodeJS.Timeout | undefined
  let due = Infinity

  function arm(deadline: number): void {
    clearTimeout(timer)
    due = deadline
    if (deadline === Infinity) return
    // Unreferenced: sockets keep the process alive as long as there is something to wait for.
    timer = setTimeout(fire, Math.min(deadline - now() + GRAIN_MS, 0x7fffffff)).unref()
  }

  function fire(): void {
    // After the poll phase: what arrived while the event loop was busy must not be called late.
    setImmediate(() => {
      if (due === Infinity) return
      due = Infinity
      const earliest = sweep(now())
      // Callbacks of the sweep may have armed the timer for something earlier.
      if (earliest < due) arm(earliest)
    })
  }

  return {
    watch(deadline) {
      if (deadline < due) arm(deadline)
    },
    stop() {
      arm(Infinity)
    },
  }
}
