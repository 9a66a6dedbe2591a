import { createHash } from 'node:crypto'
import { unfitName } from './errors.ts'

/** What is a name as it stands, on every file system: lower case, because to some `Main` and `main` are one. */
const SAFE = /^[a-z0-9][a-z0-9._-]{0,60}$/
/** Windows has devices of these names, whatever their ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/
const MOST = 250

/** A name's part of a path: itself where that is safe, else what is left of it and a hash of all of it after `~`, which no safe name has; never a step up, never two names in one. */
export function folderOf(name: string): string {
  if (SAFE.test(name) && !DEVICE.test(name) && !name.endsWith('.')) return name
  const slug = name.toLowerCase().replace(/[^a-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40)
  return `${slug}~${createHash('sha256').update(name).digest('hex').slice(0, 10)}`
}

/** A name of a branch, or of what was measured, that can be kept. Throws UserError `INVALID_VALUE`. */
export function fittingName(text: string): string {
  const name = text.trim().replace(/^refs\/heads\//, '')
  if (name === '' || name.length > MOST || /[\u0000-\u001f\u007f]/.test(name)) throw unfitName(text)
  return name
}
