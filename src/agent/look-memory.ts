import type { Snapshot } from '../model/snapshot.ts'

/** Makes something of a look, or gives what was made of the same look for the same question. */
export type LookMemory<V> = (snapshot: Snapshot, question: string, make: () => V) => V

/** Different questions about one look; whoever thinks up more has them answered anew. */
const MOST = 32

/** A memory of the latest look alone: many who ask the same between two looks cost one answer, and nothing is kept of looks before. */
export function openLookMemory<V>(): LookMemory<V> {
  const made = new Map<string, V>()
  let of: Snapshot | null = null
  return (snapshot, question, make) => {
    if (of !== snapshot || made.size >= MOST) made.clear()
    of = snapshot
    const known = made.get(question)
    if (known !== undefined) return known
    const fresh = make()
    made.set(question, fresh)
    return fresh
  }
}
