import { spawn } from 'node:child_process'
import { isRecord, listAt, numberAt, textAt } from '../artifacts/json-value.ts'
import { badProject } from './problems.ts'

/** What `npm pack` would pack; sizes in bytes. */
export interface Pack {
  readonly packed: number
  readonly unpacked: number
  readonly files: readonly { readonly name: string; readonly value: number }[]
}

/** What the child is given. */
export interface PackRequest {
  readonly root: string
  readonly signal: AbortSignal
  /** Its environment; our own where there is none. */
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly limitMs?: number | undefined
}

const LIMIT_MS = 60_000
const MOST_BYTES = 64 * 1024 * 1024
const WORDS = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline', '--no-update-notifier', '--loglevel=error']

/** Asks npm what it would pack of the folder as it is: no script is run. Throws UserError `CANNOT_MEASURE`, and the signal's reason once it aborts. */
export async function askNpmPack({ root, signal, env, limitMs = LIMIT_MS }: PackRequest): Promise<Pack> {
  signal.throwIfAborted()
  const child = spawn('npm', WORDS, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], signal, timeout: limitMs, killSignal: 'SIGKILL' })
  const out: Buffer[] = []
  const said: Buffer[] = []
  let bytes = 0
  child.stdout.on('data', (data: Buffer) => {
    bytes += data.length
    if (bytes <= MOST_BYTES) out.push(data)
    else child.kill('SIGKILL')
  })
  child.stderr.on('data', (data: Buffer) => void (said.length < 16 && said.push(data)))

  try {
    const { code, killed } = await new Promise<{ code: number | null; killed: boolean }>((done, failed) => {
      child.once('error', failed)
      child.once('close', (code) => done({ code, killed: child.killed }))
      // A process that npm left behind may hold its output open.
      child.once('exit', (code) => setTimeout(done, 1_000, { code, killed: child.killed }).unref())
    })
    signal.throwIfAborted()
    if (killed) throw badProject(bytes > MOST_BYTES ? 'npm pack said more than 64 MiB' : `npm pack did not end within ${limitMs / 1_000} s`, 'try it by hand: npm pack --dry-run')
    const pack = readPack(Buffer.concat(out).toString('utf8'))
    if (code !== 0 || !pack) throw badProject(`npm pack failed: ${firstLine(Buffer.concat(said).toString('utf8')) || `it ended with ${code ?? 'a signal'} and said nothing`}`, 'try it by hand: npm pack --dry-run')
    return pack
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw badProject('npm is not there', 'install it, or measure the packed file by a pattern')
    throw error
  } finally {
    child.stdout.destroy()
    child.stderr.destroy()
  }
}

/** npm writes a list of one; newer ones a map by name. */
function readPack(text: string): Pack | null {
  try {
    const value: unknown = JSON.parse(text)
    const [pack] = Array.isArray(value) ? (value as unknown[]) : isRecord(value) ? Object.values(value) : []
    const packed = numberAt(pack, 'size')
    const unpacked = numberAt(pack, 'unpackedSize')
    if (packed === undefined || unpacked === undefined) return null
    const files = (listAt(pack, 'files') ?? []).map((file) => ({ name: textAt(file, 'path') ?? '', value: numberAt(file, 'size') ?? 0 }))
    return { packed, unpacked, files: files.toSorted((a, b) => b.value - a.value) }
  } catch {
    return null
  }
}

function firstLine(text: string): string {
  return text.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim()).find((line) => line !== '' && !/^npm warn/i.test(line) && !/^code \w+$/.test(line)) ?? ''
}
