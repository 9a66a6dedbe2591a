// A thread that sleeps until the next arrival is due and then taps the main thread on the shoulder. A timer of the event
// loop knows whole milliseconds; waiting on a futex knows about 50 microseconds, and costs nothing while it waits.
import { parentPort, workerData } from 'node:worker_threads'

const [TURN, STATE] = [0, 1]
const STOPPED = 2
/** @type {Int32Array} */
const control = new Int32Array(workerData.control)
/** @type {Float64Array} */
const dueAt = new Float64Array(workerData.dueAt)
const now = () => Number(process.hrtime.bigint()) / 1e6

for (;;) {
  const turn = Atomics.load(control, TURN)
  if (Atomics.load(control, STATE) === STOPPED) break
  const due = dueAt[0]
  const left = due - now()
  if (left > 0) {
    // A new due time ends the wait early; so does the end of the run.
    if (Atomics.wait(control, TURN, turn, left) !== 'timed-out') continue
  }
  if (due !== Number.POSITIVE_INFINITY) parentPort.postMessage(0)
  Atomics.wait(control, TURN, turn)
}
