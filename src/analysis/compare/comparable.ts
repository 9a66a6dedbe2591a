import type { Surroundings } from '../../model/measurements.ts'
import { plain } from '../../model/text.ts'
import { showBytes } from '../../model/unit.ts'

/** Whether two results may be held against each other. */
export interface Comparability {
  readonly comparable: boolean
  /** Why not, a phrase each; empty when comparable. */
  readonly reasons: readonly string[]
  /** What a reader should know all the same: what differs a little. */
  readonly notes: readonly string[]
  /** What is not known on both sides. */
  readonly unknown: readonly string[]
}

/** Two memories are of one class when neither has a quarter more: what firmware and hypervisors keep for themselves differs. */
const MEMORY_CLASS = 1.25

interface Aspect {
  readonly name: string
  readonly of: (surroundings: Surroundings) => string | number | null
  readonly same: (a: string | number, b: string | number) => boolean
  readonly show?: (value: number) => string
}

const words = (text: string | number): string => String(text).toLowerCase().replace(/\((?:r|tm|c)\)|\bcpu\b/g, ' ').replace(/\s+/g, ' ').trim()
/** `Debian GNU/Linux 12.5` and `... 12.6` are one system; so are patches of a kernel. */
const system = (text: string | number): string => words(text).replace(/(\d+)(\.\d+)?.*$/, /^linux\b/.test(words(text)) ? '$1$2' : '$1')
const tool = (text: string | number): string => words(text).replace(/[\s@/]*v?\d.*$/, '')

const ASPECTS: readonly Aspect[] = [
  { name: 'processor', of: ({ cpu }) => cpu, same: (a, b) => words(a) === words(b) },
  { name: 'number of cores', of: ({ cores }) => cores, same: (a, b) => a === b },
  { name: 'memory', of: ({ memoryBytes }) => memoryBytes, same: (a, b) => Math.max(Number(a), Number(b)) <= MEMORY_CLASS * Math.min(Number(a), Number(b)), show: showBytes },
  { name: 'operating system', of: ({ os }) => os, same: (a, b) => system(a) === system(b) },
  { name: 'tool', of: ({ tool }) => tool, same: (a, b) => tool(a) === tool(b) },
  { name: 'load plan', of: ({ plan }) => plan, same: (a, b) => a === b },
]

/** Whether two results were measured alike. What a side does not tell is a note, not a reason: files of other tools carry no surroundings. */
export function comparable(base: Surroundings, head: Surroundings): Comparability {
  const reasons: string[] = []
  const notes: string[] = []
  const unknown: string[] = []
  for (const { name, of, same, show } of ASPECTS) {
    const [a, b] = [of(base), of(head)]
    if (a === null || b === null) {
      unknown.push(name)
      continue
    }
    if (a === b) continue
    const shown = [a, b].map((value) => (typeof value === 'number' ? (show ?? String)(value) : showWords(value)))
    const told = `the ${name} differs: ${shown[0]}, then ${shown[1]}`
    if (same(a, b)) notes.push(told)
    else reasons.push(told)
  }
  return { comparable: reasons.length === 0, reasons, notes, unknown }
}

/** A hash says no more when it is whole. */
function showWords(text: string): string {
  return /^[0-9a-f]{16,}$/.test(text) ? text.slice(0, 8) : plain(text, 80)
}

/** What makes an environment, in words that are the same for two that count as one: results with different ones are kept apart. Memory goes by the nearest power of two, as no class has an edge that fits all. */
export function environmentWords({ cpu, cores, memoryBytes, os, tool: measuredBy }: Surroundings): readonly string[] {
  const known = (text: string | null, of: (text: string) => string): string => (text === null ? '' : of(text))
  return [known(cpu, words), cores === null ? '' : String(cores), memoryBytes === null ? '' : String(Math.round(Math.log2(memoryBytes))), known(os, system), known(measuredBy, tool)]
}
