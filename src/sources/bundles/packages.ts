import { access, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Measured, PackagesSubject } from '../../model/budget.ts'
import { UserError } from '../../model/error.ts'
import { plural } from '../../model/text.ts'
import { isRecord, type Entries } from '../artifacts/json-value.ts'
import { directDependencies, installedPackages, packedPaths } from './lock-file.ts'
import type { Pack } from './npm-pack.ts'
import { badProject, unreadable } from './problems.ts'

/** What a project brings along; `shown` is its folder for people. Throws UserError `CANNOT_MEASURE`. */
export async function measurePackages({ root, measure }: PackagesSubject, shown: string, ask: (root: string) => Promise<Pack>): Promise<Measured> {
  const project = await readObject(root, 'package.json')
  if (!project) throw badProject(`no package.json in ${shown}`, 'correct the folder')
  const one = (observed: number, from: readonly string[], how: string, parts: Measured['parts'] = []): Measured => ({ of: '', observed, values: [observed], from, how, parts })

  if (measure === 'direct') return one(directDependencies(project).length, ['package.json'], 'dependencies of package.json')
  if (measure === 'installed') {
    const { file, lock } = await readLock(root)
    return one(installedPackages(lock, project, file).length, ['package.json', file], `for production by ${file}, without optional ones`)
  }

  const missing = await firstMissing(root, packedPaths(project))
  if (missing !== null) throw badProject(`package.json packs ${missing}, which is not there`, 'build first')
  const pack = await ask(root)
  const how = `npm pack, ${plural(pack.files.length, 'file')}`
  return measure === 'packed' ? one(pack.packed, ['package.json'], how) : one(pack.unpacked, ['package.json'], how, pack.files.slice(0, 10))
}

/** npm takes npm-shrinkwrap.json before package-lock.json. */
async function readLock(root: string): Promise<{ readonly file: string; readonly lock: Entries }> {
  for (const file of ['npm-shrinkwrap.json', 'package-lock.json']) {
    const lock = await readObject(root, file)
    if (lock) return { file, lock }
  }
  for (const file of ['yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb']) {
    if (await isThere(root, file)) throw badProject(`${file} is not read: what is installed is counted by npm's package-lock.json`, 'count the direct dependencies instead')
  }
  throw badProject('there is no package-lock.json', 'write it with: npm install --package-lock-only')
}

async function readObject(root: string, file: string): Promise<Entries | null> {
  try {
    const value: unknown = JSON.parse((await readFile(resolve(root, file), 'utf8')).replace(/^\ufeff/, ''))
    if (!isRecord(value)) throw badProject(`${file} is not a map`, 'correct it')
    return value
  } catch (error) {
    if (error instanceof UserError) throw error
    if (error instanceof SyntaxError) throw badProject(`${file} is not valid JSON`, 'correct it')
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw unreadable(file, error)
  }
}

async function isThere(root: string, file: string): Promise<boolean> {
  return access(resolve(root, file)).then(() => true, () => false)
}

async function firstMissing(root: string, files: readonly string[]): Promise<string | null> {
  for (const file of files) if (!(await isThere(root, file))) return file
  return null
}

