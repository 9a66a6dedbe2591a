import { knows } from '../analysis/shape/application-shape.ts'
import type { Answer } from '../contract/instance.ts'
import { COMPONENTS, type Component } from '../contract/question-words.ts'
import type { Finding } from '../model/finding.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { plain } from '../model/text.ts'

type Meta = Answer<'application'>['meta']

const WORDS: Readonly<Record<string, string>> = { pending: 'not asked yet', disabled: 'switched off in the configuration or the environment' }
const HINTS: Readonly<Record<string, string>> = { pending: 'ask again in a minute', disabled: 'see `enabled` in `collect.sources`, and the variable DISABLE_DETAILED_MONITORING' }

/** What an instance says of its sources that are not well: unknown where something is missing for it. One that nothing is wrong with counts only where what it tells of was asked for. */
export function troubledSources(meta: Meta, snapshot: Snapshot, components: readonly Component[], isAll: boolean): Finding[] {
  const isMissing = (kind: string): boolean => {
    const component = components.find((each) => each === kind)
    if (component) return !knows(snapshot, component)
    return kind === 'business' ? ![...snapshot.samples.keys()].some((metric) => metric.startsWith('business.')) : components.some((each) => !knows(snapshot, each))
  }
  return (meta?.sources ?? []).flatMap(({ id, kind, health, problem, hint }): Finding[] => {
    const isOfOthers = kind !== 'custom' && !components.some((each) => each === kind) && !(kind === 'business' && components.length === COMPONENTS.length)
    const isQuiet = problem === null && (isAll || !isMissing(kind))
    if (isOfOthers || isQuiet) return []
    const said = problem === null ? (WORDS[health] ?? health) : problem
    const advice = hint ?? (problem === null ? HINTS[health] : undefined)
    const verdict = isMissing(kind) ? 'unknown' : 'warn'
    return [{ id: `source:${plain(kind, 40)}:${plain(id, 120)}`, verdict, title: `${plain(id, 120)} (${plain(health, 20)}): ${plain(said, 500)}`, ...(advice === undefined ? {} : { hint: plain(advice, 400) }) }]
  })
}
