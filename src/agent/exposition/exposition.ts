import { familiesOf, type Family } from '../../output/exposition.ts'
import { showFamily as showOpenMetrics } from '../../output/openmetrics.ts'
import { showFamily as showPrometheus } from '../../output/prometheus.ts'
import { SHARED_MS, type Agent } from '../agent.ts'
import { agentFamilies, type BatchFigures } from './agent-families.ts'
import type { OwnRegistry } from './own-registry.ts'
import { trafficFamilies } from './traffic-families.ts'

/** All that is known as one exposition, each family once. Without times: who scrapes knows when. */
export async function expositionOf(agent: Agent, { format, version, batches, own }: { readonly format: 'prometheus' | 'openmetrics'; readonly version: string; readonly batches: BatchFigures; readonly own: OwnRegistry }): Promise<string> {
  const snapshot = await agent.current(SHARED_MS)
  const families = new Map<string, Family>()
  for (const family of [...trafficFamilies(agent.traffic()), ...agentFamilies(agent, snapshot, batches), ...familiesOf(new Map([...snapshot.samples, ...(agent.userMetrics?.samples?.() ?? [])]), version)]) if (!families.has(family.name)) families.set(family.name, family)
  const text = [...families.values()].map((family) => (format === 'openmetrics' ? showOpenMetrics(family, '') : showPrometheus(family))).join('')
  const rest = (await own.text(format)).trim()
  return `${text}${rest}\n${format === 'openmetrics' ? '# EOF\n' : ''}`
}
