// Runs a module of the user's own, apart from the program: what it does wrong ends this thread and nothing else.
import { parentPort, workerData } from 'node:worker_threads'

const MOST_CHARACTERS = 4_000_000

const running = new Map()
const tell = (error) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))

let collect
try {
  const { path, options } = workerData
  const module = await import(path)
  if (typeof module.collect !== 'function') throw new Error(`it exports ${Object.keys(module).slice(0, 5).join(', ') || 'nothing'}, and no function collect`)
  collect = (signal) => module.collect({ signal, options: structuredClone(options) })
} catch (error) {
  collect = null
  parentPort.postMessage({ broken: tell(error) })
}

if (collect) {
  parentPort.on('message', ({ id, isOver }) => {
    if (isOver) return running.get(id)?.abort()
    const stop = new AbortController()
    running.set(id, stop)
    answer(stop.signal).then((said) => parentPort.postMessage({ id, ...said })).finally(() => running.delete(id))
  })
}

async function answer(signal) {
  try {
    const text = JSON.stringify(await collect(signal))
    if (text === undefined) return { failed: 'it returned nothing' }
    return text.length > MOST_CHARACTERS ? { failed: 'it returned more than 4 MB' } : { text }
  } catch (error) {
    return { failed: tell(error) }
  }
}
