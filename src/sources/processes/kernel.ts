import { readFileSync } from 'node:fs'
import { arch, endianness } from 'node:os'

/** The units a kernel counts in. */
export interface KernelUnits {
  readonly ticksPerSecond: number
  readonly pageBytes: number
}

const AT_PAGESZ = 6
const AT_CLKTCK = 17
const NARROW = new Set(['arm', 'ia32', 'mips', 'mipsel'])

/** Units of the running kernel, from the auxiliary vector of this process (getauxval(3)); 100 ticks and 4,096 bytes where it cannot be read. */
export function readKernelUnits(auxv = '/proc/self/auxv'): KernelUnits {
  const values = auxiliaryVector(auxv)
  const ticks = values.get(AT_CLKTCK) ?? 0
  const page = values.get(AT_PAGESZ) ?? 0
  return { ticksPerSecond: ticks >= 1 && ticks <= 10_000 ? ticks : 100, pageBytes: page >= 1_024 && Number.isInteger(Math.log2(page)) ? page : 4_096 }
}

function auxiliaryVector(path: string): ReadonlyMap<number, number> {
  const values = new Map<number, number>()
  try {
    const bytes = readFileSync(path)
    const width = NARROW.has(arch()) ? 4 : 8
    const word = (at: number): number => {
      if (width === 4) return endianness() === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
      return Number(endianness() === 'LE' ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
    }
    for (let at = 0; at + 2 * width <= bytes.length; at += 2 * width) values.set(word(at), word(at + width))
  } catch {
    // Not every sandbox shows it.
  }
  return values
}

const BOOTS = new Map<string, number>()

/**
 * When the system started, milliseconds since 1970 (`btime` of proc(5)). It is read once: the kernel computes it from the wall
 * clock, so that it moves when that is set, and a process would no longer be the one it was.
 */
export function bootedAt(proc = '/proc'): number {
  const known = BOOTS.get(proc)
  if (known !== undefined) return known
  const seconds = Number(/^btime (\d+)$/m.exec(readFileSync(`${proc}/stat`, 'latin1'))?.[1])
  BOOTS.set(proc, seconds * 1_000)
  return seconds * 1_000
}

/** When a process started, milliseconds since 1970, from the ticks after boot that its `stat` tells. */
export function startOf(ticks: number, bootAt: number, ticksPerSecond: number): number {
  return bootAt + Math.round((ticks * 1_000) / ticksPerSecond)
}
