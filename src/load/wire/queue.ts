/** First in, first out, without moving the rest at every step. */
export interface Queue<T> {
  readonly size: number
  push(item: T): void
  shift(): T | undefined
  /** Takes out and returns every item that `isWanted` picks, in order. */
  take(isWanted: (item: T) => boolean): T[]
}

/** An empty queue. */
export function createQueue<T>(): Queue<T> {
  let items: T[] = []
  let first = 0
  return {
    get size() {
      return items.length - first
    },
    push(item) {
      items.push(item)
    },
    shift() {
      if (first === items.length) return undefined
      const item = items[first++]
      // Copied down once half is gone: constant time per item, and no item is held on to for long.
      if (first > 32 && first * 2 > items.length) {
        items = items.slice(first)
        first = 0
      }
      return item
    },
    take(isWanted) {
      const taken: T[] = []
      const kept: T[] = []
      for (let i = first; i < items.length; i++) {
        const item = items[i] as T // i is within bounds
        ;(isWanted(item) ? taken : kept).push(item)
      }
      if (taken.length > 0) {
        items = kept
        first = 0
      }
      return taken
    },
  }
}
