import { setTimeout as pause } from 'node:timers/promises'
import { mergeCollected } from '../analysis/merge-collected.ts'
import type { CollectSection } from '../config.ts'
import type { Host } from '../host.ts'
import { UserError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Collected, Source, SourceKind } from '../model/source.ts'
import { plain } from '../model/text.ts'
import type { ApplicationFigures, ApplicationQuestion } from './feed-sources.ts'
import { sourceWorld } from './source-world.ts'

/** Kinds that may tell of any part of an application. */
const OF_ALL: readonly SourceKind[] = ['custom']

/** Asks the sources of the configuration twice, so that there are rates; what one could not tell is a finding, and the others are told. Throws UserError for a configuration that cannot work. */
export async function askSources(host: Host, section: CollectSection, { components, intervalMs = 1_000 }: ApplicationQuestion, timeoutMs: number | undefined): Promise<ApplicationFigures> {
  const { openSources } = await import('../sources/application/open-sources.ts')
  const all = await openSources(section, sourceWorld(host), { timeoutMs })
  try {
    const sources = all.filter(({ kind }) => components === undefined || components.includes(kind) || OF_ALL.includes(kind))
    const told = await Promise.all(sources.map((source) => askTwice(source, intervalMs, host.interrupts.drain)))
    const parts = told.flatMap(({ collected }) => (collected === null ? [] : [collected]))
    return {
      ...mergeCollected(parts),
      findings: told.flatMap((each) => [...(each.finding === null ? [] : [each.finding]), ...partial(each)]),
      notes: [...told.flatMap(({ source, collected }) => (collected?.notes ?? []).map((note) => `${plain(source.id, 120)}: ${note}`)), ...eclipsed(told)],
    }
  } finally {
    await Promise.allSettled(all.map((source) => source.close()))
  }
}

interface Told {
  readonly source: Source
  readonly collected: Collected | null
  readonly finding: Finding | null
}

/** One that fails the first time is not asked again: it would take as long once more. */
async function askTwice(source: Source, intervalMs: number, signal: AbortSignal): Promise<Told> {
  try {
    await source.collect(signal)
    await pause(intervalMs, undefined, { signal })
    return { source, collected: await source.collect(signal), finding: null }
  } catch (error) {
    if (signal.aborted) return { source, collected: null, finding: null }
    return { source, collected: null, finding: failed(source, error) }
  }
}

function failed({ id, kind }: Source, error: unknown): Finding {
  const isTheirs = error instanceof UserError
  return {
    id: `source:${kind}:${id}`, verdict: 'unknown', title: `${plain(id, 120)} told nothing: ${plain(error instanceof Error ? error.message : String(error))}`,
    hint: isTheirs ? error.hint : 'this is a mistake of the source itself', where: isTheirs ? error.where : undefined,
  }
}

/** What failed while the rest was told. */
function partial({ source: { id, kind }, collected }: Told): readonly Finding[] {
  return (collected?.problems ?? []).map((problem, index) => ({ id: `source:${kind}:${id}:${index + 1}`, verdict: 'unknown', title: `${plain(id, 120)} did not tell all: ${problem}` }))
}

/** Says so where figures of one source stand for those of another that has the same. */
function eclipsed(told: readonly Told[]): string[] {
  const owners = new Map<string, string>()
  const pairs = new Set<string>()
  for (const { source, collected } of told) {
    for (const [metric, series] of collected?.samples ?? []) {
      for (const tag of series.keys()) {
        const key = `${metric} ${tag}`
        const owner = owners.get(key)
        if (owner === undefined) owners.set(key, source.id)
        else pairs.add(`${plain(owner, 120)} and ${plain(source.id, 120)} tell the same figures; those of ${plain(owner, 120)} are shown`)
      }
    }
  }
  return [...pairs]
}
