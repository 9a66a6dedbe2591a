import type { ByteScanner } from './byte-scanner.ts'

/** More than any kernel is built for. */
const MOST = 8_192

/** The processors of a list like `0-3,5`, as the kernel writes sets of them. */
export function scanCores(scanner: ByteScanner): number[] {
  const found: number[] = []
  do {
    const from = scanner.number()
    const to = scanner.take('-') ? scanner.number() : from
    for (let core = from; core <= to && found.length < MOST; core++) found.push(core)
  } while (scanner.take(','))
  return found
}
