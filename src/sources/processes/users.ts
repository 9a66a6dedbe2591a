import { readFileSync, statSync } from 'node:fs'

/** Names of users, from a file as passwd(5) describes it. */
export interface Users {
  /** The number as text where nobody has it. */
  nameOf(uid: number): string
  /** Reads the file again if it has changed. */
  refresh(): void
}

export function openUsers(path = '/etc/passwd'): Users {
  let names: ReadonlyMap<number, string> = new Map()
  let version = ''
  const refresh = (): void => {
    try {
      const { mtimeMs, size, ino } = statSync(path)
      const found = `${mtimeMs} ${size} ${ino}`
      if (found === version) return
      names = parsePasswd(readFileSync(path, 'utf8'))
      version = found
    } catch {
      // Without the file users have numbers.
    }
  }
  refresh()
  return { nameOf: (uid) => names.get(uid) ?? String(uid), refresh }
}

/** Names by number; the first line with a number counts, lines that are broken do not. */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [name = '', , uid = ''] = line.split(':')
    if (name !== '' && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name)
  }
  return names
}
