import { readFile } from 'node:fs/promises'

/** The addresses that the text of a hosts file has for a name, in its order (hosts(5)). */
export function hostsEntries(text: string, name: string): string[] {
  const wanted = name.toLowerCase().replace(/\.$/, '')
  return text.split('\n').flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    return address !== undefined && names.some((each) => each.toLowerCase() === wanted) ? [address] : []
  })
}

/** What this machine's own hosts file says of a name; nothing where there is no such file. */
export async function askHostsFile(name: string): Promise<string[]> {
  const text = await readFile('/etc/hosts', 'utf8').catch(() => '')
  return hostsEntries(text, name)
}
