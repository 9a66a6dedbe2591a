// Asks file systems that may never answer. It can be killed at any time; the program that started it cannot.
import { statfs } from 'node:fs'
import { createInterface } from 'node:readline'

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, mountpoint } = JSON.parse(line)
    statfs(mountpoint, (error, space) => say(error ? { id, error: error.code } : { id, space }))
  })
  // An ordinary end would wait for the threads that hang.
  .on('close', () => process.kill(process.pid, 'SIGKILL'))
say({ ready: true })
