// Asks file systems that may never answer. It can be killed at any time; the program that started it cannot.
import { statfs } from 'node:fs'
import { createInterface } from 'node:readline'

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, mountpoint } = JSON.parse(line)
    statfs(mountpoint, (error, space) => say(error ? { id, error: error.code } : { id, space }))
  })
  .on('close', () => process.exit(0))
say({ ready: true })
