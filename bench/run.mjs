// What every benchmark does around its work: flags, help, Ctrl-C, an exit code, and nothing left running.
import { parseArgs } from 'node:util'
import { endAll } from './process.mjs'

/** A flag with a text, and what it is otherwise. */
export const text = (otherwise) => ({ type: 'string', default: otherwise })

/** Runs a benchmark with the flags of the command line; ends with 0, 1 for a failure, 64 for a flag it does not know, 130 or 143 when interrupted. */
export async function runBench(help, options, bench) {
  const flags = readFlags(help, options)
  if (flags.help) return void process.stdout.write(help)
  let interrupted
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
    process.on(signal, () => {
      interrupted = code
      // What is awaited fails then, and everyone cleans up behind it.
      void endAll()
    })
  }
  try {
    await bench(flags)
  } catch (error) {
    if (!interrupted) process.stderr.write(`bench: ${error.message}\n`)
    process.exitCode = interrupted ?? 1
  } finally {
    await endAll()
  }
}

function readFlags(help, options) {
  try {
    return parseArgs({ options: { ...options, help: { type: 'boolean' } } }).values
  } catch (error) {
    process.stderr.write(`bench: ${error.message}\n\n${help}`)
    process.exit(64)
  }
}
