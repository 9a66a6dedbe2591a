import type { Host } from '../host.ts'
import type { Side } from '../analysis/shape/compare-shape.ts'
import { UserError } from '../model/error.ts'
import type { ReadChoice } from '../sources/artifacts/artifact.ts'
import { plain } from '../model/text.ts'
import type { Measurements } from '../model/measurements.ts'
import { readProblem } from './read-problem.ts'

/** What a side is read with. */
type SideHost = Pick<Host, 'files' | 'stdin' | 'interrupts'>

/** Reads files of results one after the other; `-` is stdin. Throws UserError for what cannot be read. */
export async function readSources(host: SideHost, files: readonly string[], choice: Partial<ReadChoice>): Promise<Measurements[]> {
  const { readMeasurements } = await import('../sources/artifacts/read-measurements.ts')
  const list: Measurements[] = []
  for (const file of files) list.push(await readMeasurements(file === '-' ? 'stdin' : file, file === '-' ? stdinOf(host) : bytesOf(host, file), choice))
  return list
}

/** Reads the files of one side and joins them. Throws UserError for what cannot be read. */
export async function readSide(host: SideHost, files: readonly string[], choice: { readonly per: 'run' | 'slice' }): Promise<Side> {
  return sideOf(files, await readSources(host, files, choice))
}

/** The files of one side, read already, as one. Throws UserError `MIXED_SIDE`. */
export async function sideOf(files: readonly string[], list: readonly Measurements[]): Promise<Side> {
  const { joinSide } = await import('../sources/artifacts/join-side.ts')
  const measured = joinSide(list)
  return { files: files.map((file) => plain(file === '-' ? 'stdin' : file, 300)), measured: { ...measured, notes: [...copies(list), ...measured.notes] } }
}

/** Two runs that measured the same in every digit are one run, or counted nothing but what is exact. */
function copies(list: readonly Measurements[]): string[] {
  const seen = new Map<string, string>()
  return list.filter(({ series }) => series.some((each) => each.class === 'sampled')).flatMap(({ file, takenAt, series }) => {
    const figures = JSON.stringify([takenAt, series])
    const other = seen.get(figures)
    seen.set(figures, other ?? file)
    return other === undefined ? [] : [`${file} holds the same figures as ${other}: a copy is no other run`]
  })
}

async function* bytesOf({ files, interrupts }: SideHost, file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* files.bytes(file, interrupts.drain)
  } catch (error) {
    const problem = error as NodeJS.ErrnoException // thrown by node:fs
    throw new UserError({ code: 'CANNOT_READ', kind: 'input', message: `${plain(file, 300)} cannot be read: ${readProblem(problem)}`, hint: problem.code === 'EISDIR' ? 'give the files in it' : 'see that the name is right and that the tool wrote it' })
  }
}

async function* stdinOf({ stdin, interrupts: { drain } }: SideHost): AsyncGenerator<Uint8Array> {
  if (stdin.isTerminal) throw new UserError({ code: 'USAGE', kind: 'usage', message: '- means stdin, and nothing is piped into it', hint: 'pipe a result into it: zcat after.json.gz | medianest-perf compare before.json -' })
  const { stream } = stdin
  const end = (): void => void stream.destroy(new Error('interrupted'))
  drain.addEventListener('abort', end, { once: true })
  try {
    for await (const bytes of stream) yield bytes as Uint8Array // a stream without an encoding gives bytes
  } finally {
    drain.removeEventListener('abort', end)
  }
}
