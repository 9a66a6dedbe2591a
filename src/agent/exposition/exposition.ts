import { familiesOf, type Family } from '../../output/exposition.ts'
import { showFamily as showOpenMetrics } from '../../output/openmetrics.ts'
import { showFamily as showPrometheus } from '../../output/prometheus.ts'
import { SHARED_MS, type Agent } from '../agent.ts'
import type { LookMemory } from '../look-memory.ts'
import { agentFamilies, type BatchFigures } from './agent-families.ts'
import type { OwnRegistry } from './own-registry.ts'
import { trafficFamilies } from './traffic-families.ts'

/** Families by name, each as it is written. */
export type ShownFamilies = ReadonlyMap<string, string>

/** What an exposition is made of besides what the agent knows. */
export interface ExpositionParts {
  readonly format: 'prometheus' | 'openmetrics'
  readonly version: string
  readonly batches: BatchFigures
  readonly own: OwnRegistry
  readonly memory: LookMemory<ShownFamilies>
}

/** All that is known as one exposition, each family once. Without times: who scrapes knows when. */
export async function expositionOf(agent: Agent, { format, version, batches, own, memory }: ExpositionParts): Promise<string> {
  const snapshot = await agent.current(SHARED_MS)
  const told = [...(agent.userMetrics?.samples?.() ?? [])]
  // What browsers told may be newer than the look.
  const measured = told.length === 0 ? memory(snapshot, format, () => show(familiesOf(snapshot.samples, version), format)) : show(familiesOf(new Map([...snapshot.samples, ...told]), version), format)
  const first = show([...trafficFamilies(agent.traffic()), ...agentFamilies(agent, snapshot, batches)], format)
  const families = [...first.values(), ...[...measured].flatMap(([name, text]) => (first.has(name) ? [] : [text]))]
  const rest = (await own.text(format)).trim()
  return `${families.join('')}${rest}\n${format === 'openmetrics' ? '# EOF\n' : ''}`
}

/** The first of a name is shown. */
function show(families: readonly Family[], format: ExpositionParts['format']): ShownFamilies {
  const shown = new Map<string, string>()
  for (const family of families) if (!shown.has(family.name)) shown.set(family.name, format === 'openmetrics' ? showOpenMetrics(family, '') : showPrometheus(family))
  return shown
}
