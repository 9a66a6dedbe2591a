import { unescapeOctal } from '../octal-escape.ts'

/** Whether each mount point that fstab(5) names is to be read-only; the last entry of a mount point counts, lines that are broken do not. */
export function parseFstab(text: string): ReadonlyMap<string, boolean> {
  const wanted = new Map<string, boolean>()
  for (const line of text.split('\n')) {
    const [device = '', folder = '', type = '', options = 'defaults'] = line.trim().split(/[ \t]+/)
    if (device === '' || device.startsWith('#') || type === 'swap' || !folder.startsWith('/')) continue
    const path = unescapeOctal(folder)
    wanted.set(path === '/' ? path : path.replace(/\/+$/, ''), options.split(',').findLast((option) => option === 'ro' || option === 'rw') === 'ro')
  }
  return wanted
}
