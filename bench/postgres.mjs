// A PostgreSQL of our own on a free loopback port, with its data in a folder that goes away.
import { execFile } from 'node:child_process'
import { access, chmod, chown, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { end, start } from './process.mjs'
import { freePort } from './server.mjs'

const run = promisify(execFile)
const VERSIONS = '/usr/lib/postgresql'

/** The folder of PostgreSQL's own programs; undefined where it is not installed. */
export async function findPostgres() {
  const versions = (await readdir(VERSIONS).catch(() => [])).toSorted((a, b) => Number(b) - Number(a))
  for (const version of versions) {
    const folder = join(VERSIONS, version, 'bin')
    if (await access(join(folder, 'initdb')).then(() => true, () => false)) return folder
  }
}

/** Starts it; it refuses to be root, so it is the user `postgres` then. */
export async function startPostgres(programs, folder) {
  const data = join(folder, 'data')
  const isRoot = process.getuid() === 0
  const as = isRoot ? ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'] : []
  await mkdir(data)
  if (isRoot) {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (which) => Number((await run('id', [which, 'postgres'])).stdout)))
    await Promise.all([chown(data, uid, gid), chmod(folder, 0o711)])
  }
  const [file, ...args] = [...as, join(programs, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale', 'C']
  await run(file, args, { cwd: '/' })
  const port = await freePort()
  const child = start('server', [...as, join(programs, 'postgres'), '-D', data, '-p', String(port), '-k', '', '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'autovacuum=off'])
  let said = ''
  child.stdout.resume()
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2_000)))
  for (const until = Date.now() + 20_000; !said.includes('ready to accept connections'); await new Promise((wait) => setTimeout(wait, 50))) {
    if (child.exitCode === null && Date.now() < until) continue
    await end(child, 'SIGINT')
    throw new Error(`PostgreSQL does not start: ${said}`)
  }
  return { port, url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: () => end(child, 'SIGINT') }
}
