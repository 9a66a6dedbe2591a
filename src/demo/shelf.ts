/** What a load test created: the newest entries by id, the oldest forgotten, so that no load can grow the memory. */
export interface Shelf<T, Key = number> {
  put(id: Key, value: T): void
  get(id: Key): T | undefined
  remove(id: Key): boolean
  /** The newest first. */
  list(): T[]
  readonly size: number
}

/** An empty shelf for at most `limit` entries. */
export function createShelf<T, Key = number>(limit = 1_000): Shelf<T, Key> {
  const entries = new Map<Key, T>()
  return {
    put(id, value) {
      // Taken out first, because a Map keeps a key at the place where it was first set.
      entries.delete(id)
      entries.set(id, value)
      if (entries.size <= limit) return
      for (const oldest of entries.keys()) {
        entries.delete(oldest)
        return
      }
    },
    get: (id) => entries.get(id),
    remove: (id) => entries.delete(id),
    list: () => [...entries.values()].reverse(),
    get size() {
      return entries.size
    },
  }
}
