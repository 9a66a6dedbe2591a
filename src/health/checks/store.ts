import { stat } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { plain } from '../../model/text.ts'
import { showBytes, showDuration } from '../../model/unit.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look } from '../look.ts'
import { openRegularFile } from '../regular-file.ts'
import { outcomeOf, single, type Remark } from '../remark.ts'

const MAGIC = 'SQLite format 3\u0000'
const HEADER_BYTES = 100
/** Of a log that holds no page yet there is only its head. */
const WAL_HEADER_BYTES = 32
/** What was written to the log is brought into the file page by page, and the page that tells its length comes first. */
const CHECKPOINT_MS = 300
/** Of its time, for the file system to answer. */
const SHARE_OF_TIME = 0.8

/** What the file and its log look like from outside. */
interface StoreFile {
  readonly header: Buffer
  readonly sizeBytes: number
  readonly walBytes: number
  /** When either of them was last written to, milliseconds since 1970. */
  readonly writtenAt: number
}

/** The agent's SQLite file (https://www.sqlite.org/fileformat.html), looked at without a driver: whole, written to lately, not too large. */
export const look: Look<'store'> = async (config, { world, signal, timeoutMs }) => {
  const path = world.resolve(config.path)
  const name = plain(path)
  // A file on a disk that hangs would take a thread with it.
  const [system] = await world.fileSystems([path], timeoutMs * SHARE_OF_TIME)
  if (system?.answer === 'silent' || system?.answer === 'broken') return single('fail', `${name} cannot be read: ${plain(system.mountpoint)} ${system.answer === 'silent' ? 'does not answer' : 'is broken'}`, `see whether the server or disk behind ${plain(system.mountpoint)} is there`)
  try {
    let file = await readStore(path)
    let problem = problemOf(file)
    if (problem?.isShort === true && file.walBytes > WAL_HEADER_BYTES) {
      await wait(CHECKPOINT_MS, undefined, { signal })
      file = await readStore(path)
      problem = problemOf(file)
    }
    return judgeStore(file, problem, name, config, world.wallTime().getTime())
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined || signal.aborted) throw error
    if (code === 'ENOENT' || code === 'ENOTDIR') return single('fail', `${name} is not there`, 'start the agent with: medianest-perf serve; or correct the path')
    if (code === 'EISDIR') return single('fail', `${name} is a directory, not the file of a store`, 'name the file itself')
    if (code === 'EACCES' || code === 'EPERM') return single('unknown', `${name} may not be read`, 'run this as the user of the agent')
    return single('fail', `${name} cannot be read: ${plain(message)}`, 'look for errors of its disk with: dmesg')
  }
}

async function readStore(path: string): Promise<StoreFile> {
  const handle = await openRegularFile(path)
  try {
    const { size, mtimeMs } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    const wal = await stat(`${path}-wal`).catch(() => null)
    return { header: buffer.subarray(0, bytesRead), sizeBytes: size, walBytes: wal?.size ?? 0, writtenAt: Math.max(mtimeMs, wal?.mtimeMs ?? 0) }
  } finally {
    await handle.close()
  }
}

interface Problem {
  readonly text: string
  readonly isShort: boolean
}

function problemOf({ header, sizeBytes }: StoreFile): Problem | null {
  const broken = (text: string): Problem => ({ text, isShort: false })
  if (sizeBytes === 0) return broken('is empty')
  if (header.length < HEADER_BYTES) return broken(`is cut off after ${sizeBytes} bytes`)
  if (header.toString('latin1', 0, 16) !== MAGIC) return broken('is no SQLite file')
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  if (pageBytes < 512 || !Number.isInteger(Math.log2(pageBytes))) return broken(`is broken: its pages would have ${pageBytes} bytes`)
  // Versions before 3.7.0 do not keep the length, and then the two counters differ.
  const isKept = header.readUInt32BE(24) === header.readUInt32BE(92)
  const pages = isKept ? header.readUInt32BE(28) : 0
  const wanted = pages * pageBytes
  return sizeBytes < wanted ? { text: `is cut off: it has ${showBytes(sizeBytes)} of ${showBytes(wanted)}`, isShort: true } : null
}

const RESTORE = 'stop the agent, put back a copy from the backup, and look for errors of its disk with: dmesg'

function judgeStore(file: StoreFile, problem: Problem | null, name: string, config: Parameters<typeof look>[0], now: number): ReturnType<typeof outcomeOf> {
  // What the log still holds may make a short file whole; it should not take this long.
  const isUnderway = problem?.isShort === true && file.walBytes > WAL_HEADER_BYTES
  const broken: Remark | null = problem && { verdict: isUnderway ? 'warn' : 'fail', text: `${name} ${problem.text}${isUnderway ? ', the rest may be in its log' : ''}`, recommendation: isUnderway ? 'see whether the agent runs: it brings the log in when it starts' : RESTORE }
  const total = file.sizeBytes + file.walBytes
  const age = judge({
    name: 'age', value: Math.max(0, now - file.writtenAt), unit: 'ms', levels: readLevels(config.age, 'ms', { warning: 300_000, critical: 1_800_000 }), bad: 'above', min: 0,
    say: (value) => `last written ${value} ago`, recommendation: 'see whether the agent runs and its disk has room; start it with: medianest-perf serve',
  })
  const size = judge({
    name: 'size', value: total, unit: 'bytes', levels: readLevels(config.size, 'bytes'), bad: 'above', min: 0,
    say: (value) => `${name} has ${value}`, recommendation: 'keep less: shorten the retention of the store',
  })
  return outcomeOf({
    fine: `${showBytes(total)}, last written ${showDuration(age.measure.value)} ago`,
    remarks: [broken, age.remark, size.remark],
    measures: [age.measure, size.measure],
    details: { path: name, sizeBytes: file.sizeBytes, walBytes: file.walBytes, lastWritten: new Date(file.writtenAt).toISOString() },
  })
}
