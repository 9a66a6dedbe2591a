import { UserError } from '../model/error.ts'
import { METRICS, type Metric } from '../model/metric.ts'
import { nearest } from '../model/nearest.ts'
import { EXIT_CODES } from './exit.ts'

/** Texts that belong to no single command: `medianest-perf help NAME`. */
export const TOPICS: Readonly<Record<string, () => string | Promise<string>>> = {
  'exit-codes': exitCodes,
  'metric-names': metricNames,
  'template-functions': templateFunctions,
  'result-files': resultFiles,
  unsupported,
}

/** The text of a topic. Throws UserError `UNKNOWN_TOPIC` with the nearest. */
export async function topicText(topic: string): Promise<string> {
  const text = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined
  if (text) return await text()
  const near = nearest(topic, Object.keys(TOPICS))
  throw new UserError({ code: 'UNKNOWN_TOPIC', kind: 'usage', message: `there is no command or topic "${topic}"`, hint: near ? `did you mean "${near}"?` : `the topics are ${Object.keys(TOPICS).join(', ')}` })
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, cell.length)), [])
  return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd((widths[index] ?? 0) + 2))).join('')).join('\n') + '\n'
}

function exitCodes(): string {
  const rows = Object.values(EXIT_CODES).map(({ plain, strict, health, nagios, about }) => [plain, strict === plain ? '' : strict, health, nagios, about].map(String))
  return `${columns([['code', '--strict', 'health', '--format nagios', 'what happened'], ...rows])}\nThe worst finding decides: fail, then unknown, then warn, then ok. health has codes of its own, and others for a monitoring system where nagios is named as the format.\n`
}

function metricNames(): string {
  const rows = Object.entries<Metric>(METRICS).map(([name, { kind, unit, help, aliases }]) => [name, kind, unit, help, aliases.length > 0 ? `also: ${aliases.join(', ')}` : ''])
  return columns([['metric', 'kind', 'unit', 'what it is', ''], ...rows])
}

async function templateFunctions(): Promise<string> {
  const { TEMPLATE_FUNCTIONS } = await import('../load/flow/template-function.ts')
  return columns(TEMPLATE_FUNCTIONS.map(({ usage, doc }) => [`{{ ${usage} }}`, doc]))
}

async function resultFiles(): Promise<string> {
  const { ARTIFACTS } = await import('../sources/artifacts/artifacts.ts')
  return columns([['written by', 'recognised by'], ...ARTIFACTS.map(({ name, mark }) => [name, mark])])
}

async function unsupported(): Promise<string> {
  const { UNSUPPORTED } = await import('../load/read/unsupported.ts')
  return `What these files may hold elsewhere and is refused here, with an error that names the line:\n\n${columns(UNSUPPORTED.map(({ dialect, path, what, instead }) => [dialect, path, what, instead]))}`
}
