import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import * as fs from 'node:fs/promises'
import { platform } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { UserError } from './model/error.ts'

/** A file that appears whole or not at all: written beside its name, synced, then renamed. */
export interface AtomicFile {
  write(data: string | Uint8Array): Promise<void>
  commit(): Promise<void>
  /** Leaves no trace; safe after commit. */
  abandon(): Promise<void>
}

/** A file that grows and is complete at any moment, because it may be ended at any: what was written is there. */
export interface GrowingFile {
  write(data: string | Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Files, their paths relative to one directory. */
export interface Files {
  /** The text of a file, UTF-8. Throws Node's error (`ENOENT`, `EISDIR`, ...). */
  read(path: string): Promise<string>
  /** The bytes of a file as they are read; throws Node's error (`ENOENT`, `EISDIR`, ...), and `ABORT_ERR` once the signal aborts. */
  bytes(path: string, signal: AbortSignal): AsyncIterable<Uint8Array>
  exists(path: string): Promise<boolean>
  /** Names of what is in a folder, in no order; none where there is no such folder. */
  list(path: string): Promise<readonly string[]>
  /** Whether others than its owner may read a file; false where the system does not know owners. Throws Node's error. */
  isOpenToOthers(path: string): Promise<boolean>
  /** Begins a file. Throws UserError `CANNOT_WRITE`. */
  create(path: string): Promise<AtomicFile>
  /** Replaces a file in one step; who may read it stays as it is, and is everybody for a new one, unless `mode` says otherwise. Throws UserError `CANNOT_WRITE`. */
  write(path: string, data: string | Uint8Array, mode?: number): Promise<void>
  /**
   * Begins a file that is written as it comes and that only its owner may read. Throws UserError `CANNOT_WRITE`, also when there is
   * something in it already.
   */
  append(path: string): Promise<GrowingFile>
  /** Adds text to a file that may hold something already, as a shell's >> does. Throws UserError `CANNOT_WRITE`. */
  addTo(path: string, text: string): Promise<void>
  /** Bytes of a file; 0 where there is none. */
  size(path: string): Promise<number>
  /** Makes a folder and those it stands in. Throws UserError `CANNOT_WRITE`. */
  makeFolder(path: string): Promise<void>
  /** Finds out now whether `create` would succeed, before hours are spent on what it is to hold. Throws UserError `CANNOT_WRITE`. */
  expectWritable(path: string): Promise<void>
  resolve(...parts: string[]): string
}

/** Files relative to a directory. */
export function files(cwd: string): Files {
  return {
    read: (path) => fs.readFile(resolve(cwd, path), 'utf8'),
    bytes: (path, signal) => createReadStream(resolve(cwd, path), { signal }),
    exists: (path) => fs.access(resolve(cwd, path)).then(() => true, () => false),
    list: (path) => fs.readdir(resolve(cwd, path)).catch(() => []),
    isOpenToOthers: async (path) => platform() !== 'win32' && ((await fs.stat(resolve(cwd, path))).mode & 0o044) !== 0,
    create: (path) => createAtomic(resolve(cwd, path), path),
    write: async (path, data, mode) => writeWhole(await createAtomic(resolve(cwd, path), path, mode), data),
    append: (path) => openGrowing(resolve(cwd, path), path),
    addTo: (path, text) => telling(path, fs.appendFile(resolve(cwd, path), text)),
    size: (path) => fs.stat(resolve(cwd, path)).then(({ size }) => size, () => 0),
    makeFolder: async (path) => void (await telling(path, fs.mkdir(resolve(cwd, path), { recursive: true }))),
    expectWritable: async (path) => (await createAtomic(resolve(cwd, path), path)).abandon(),
    resolve: (...parts) => resolve(cwd, ...parts),
  }
}

async function writeWhole(file: AtomicFile, data: string | Uint8Array): Promise<void> {
  try {
    await file.write(data)
    await file.commit()
  } finally {
    await file.abandon()
  }
}

const ROOM_HINT = 'make room on its file system, or name a file elsewhere'

const WRITE_PROBLEMS: Readonly<Record<string, string>> = { ENOENT: 'its folder does not exist', EACCES: 'its folder may not be written to', EROFS: 'it is on a read-only file system', ENOSPC: 'the disk is full', ENOTDIR: 'part of its path is a file' }

function cannotWrite(named: string, reason: string, hint = reason === WRITE_PROBLEMS['ENOSPC'] ? ROOM_HINT : 'name a file in a folder that exists and may be written to'): UserError {
  return new UserError({ code: 'CANNOT_WRITE', kind: 'input', message: `${named} cannot be written: ${reason}`, hint })
}

function telling<T>(named: string, work: Promise<T>): Promise<T> {
  return work.catch((error: NodeJS.ErrnoException) => {
    throw cannotWrite(named, error.code === 'EISDIR' ? 'it is a directory' : (WRITE_PROBLEMS[error.code ?? ''] ?? error.message))
  })
}

async function openGrowing(path: string, named: string): Promise<GrowingFile> {
  const problem = (error: NodeJS.ErrnoException): UserError => cannotWrite(named, error.code === 'EISDIR' ? 'it is a directory' : (WRITE_PROBLEMS[error.code ?? ''] ?? error.message))
  const handle = await fs.open(path, 'a', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw problem(error)
  })
  if ((await handle.stat()).size > 0) {
    await handle.close()
    throw cannotWrite(named, 'there is something in it already', 'name a file that does not exist yet, or remove this one')
  }
  let closing: Promise<void> | undefined
  return {
    // Unlike `write`, this goes on until all of it is written.
    write: (data) => handle.appendFile(data).catch((error: NodeJS.ErrnoException) => {
      throw problem(error)
    }),
    close: () => (closing ??= handle.close()),
  }
}

async function createAtomic(path: string, named: string, mode?: number): Promise<AtomicFile> {
  const refuse = (reason: string): UserError => cannotWrite(named, reason)
  const problem = (error: NodeJS.ErrnoException): UserError => refuse(WRITE_PROBLEMS[error.code ?? ''] ?? error.message)
  const found = await fs.stat(path).catch(() => null)
  if (found?.isDirectory()) throw refuse('it is a directory')
  // A device, a pipe or what a shell has opened is written to; renamed over, it would be gone, and /dev/full a file.
  if (found && (!found.isFile() || /^\/(dev|proc)\//.test(path))) return writeThrough(path, problem)
  const target = await throughLinks(path).catch((error: NodeJS.ErrnoException) => {
    throw problem(error)
  })
  const beside = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`)
  const handle = await fs.open(beside, 'wx', mode ?? (found ? 0o600 : 0o644)).catch((error: NodeJS.ErrnoException) => {
    throw problem(error)
  })
  // What was written by hand keeps what its owner said of it, whatever the umask.
  if (found && mode === undefined) await handle.chmod(found.mode & 0o777)
  let open = true
  const close = async (): Promise<void> => {
    if (open) {
      open = false
      await handle.close()
    }
  }
  let done = false
  return {
    // Unlike `write`, this goes on until all of it is written: on a disk that is getting full a part of it would be taken without a word.
    write: (text) => handle.appendFile(text).catch((error: NodeJS.ErrnoException) => {
      throw problem(error)
    }),
    commit: async () => {
      await handle.sync()
      await close()
      await fs.rename(beside, target)
      done = true
    },
    abandon: async () => {
      await close()
      if (!done) await fs.rm(beside, { force: true })
      done = true
    },
  }
}

/** Most links in a row, as Linux has it. */
const MOST_LINKS = 40

/** Where a path leads in the end, also where nothing is there yet. A link that is replaced by a file would no longer lead to what others read. */
async function throughLinks(path: string): Promise<string> {
  let at = path
  for (let links = 0; links < MOST_LINKS; links++) {
    const to = await fs.readlink(at).catch(() => null)
    if (to === null) return at
    at = resolve(dirname(at), to)
  }
  throw Object.assign(new Error('it leads round in a circle of links'), { code: 'ELOOP' })
}

/** What is no file cannot appear whole or not at all: it takes the text when it is complete. A pipe that nobody reads is waited for. */
function writeThrough(path: string, problem: (error: NodeJS.ErrnoException) => UserError): AtomicFile {
  const parts: (string | Uint8Array)[] = []
  return {
    write: async (data) => void parts.push(data),
    commit: () => fs.appendFile(path, Buffer.concat(parts.splice(0).map((part) => Buffer.from(part)))).catch((error: NodeJS.ErrnoException) => {
      throw problem(error)
    }),
    abandon: async () => void parts.splice(0),
  }
}
