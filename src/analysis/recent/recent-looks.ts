import type { Snapshot } from '../../model/snapshot.ts'
import { Stretcher, type Stretch } from '../stretch.ts'

/** After this long a new stretch is begun, so that what is answered covers between one and two of these, milliseconds. */
const TURN_MS = 300_000

/** The looks of the last five to ten minutes as one stretch; what it keeps does not grow with their number. */
export class RecentLooks {
  #older = new Stretcher()
  #newer = new Stretcher()
  #ageMs = 0

  add(look: Snapshot): void {
    if (look.elapsedMs > 0) this.#ageMs += look.elapsedMs
    if (this.#ageMs >= TURN_MS) {
      this.#ageMs = 0
      this.#older = this.#newer
      this.#newer = new Stretcher()
    }
    this.#older.add(look)
    this.#newer.add(look)
  }

  /** Null before the first look. */
  stretch(): Stretch | null {
    return this.#older.stretch()
  }
}
