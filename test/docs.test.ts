import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod/mini'
import { describe, expect, it } from 'vitest'
import { ALERT_NAMES, ALERT_THRESHOLDS } from '../src/contract/alert-thresholds.ts'
import { ENDPOINT_SEGMENTS } from '../src/budget/endpoint-pattern.ts'
import { BUDGET_PRESETS } from '../src/budget/presets.ts'
import { TIMINGS } from '../src/budget/timing-lines.ts'
import { budgetJsonSchema } from '../src/commands/budget-json-schema.ts'
import { EXIT_CODES } from '../src/commands/exit.ts'
import type { Flags } from '../src/commands/flag.ts'
import { GLOBAL_FLAGS } from '../src/commands/global.ts'
import { COMMANDS } from '../src/commands/list.ts'
import { LOAD_FLAGS } from '../src/commands/load.ts'
import { configJsonSchema } from '../src/commands/config-json-schema.ts'
import { ENDPOINTS } from '../src/contract/endpoints.ts'
import { ERROR_CODES } from '../src/contract/error-code.ts'
import { PAGES, STREAMS } from '../src/contract/streams.ts'
import { TEMPLATE_FUNCTIONS } from '../src/load/flow/template-function.ts'
import { scenarioJsonSchema } from '../src/load/read/json-schema.ts'
import { UNSUPPORTED } from '../src/load/read/unsupported.ts'
import { APPLICATION_METRICS } from '../src/model/application-metrics.ts'
import { HEALTH_METRICS } from '../src/model/health-metrics.ts'
import { METRICS, prometheusOf, type Metric, type MetricName } from '../src/model/metric.ts'
import { SYSTEM_METRICS } from '../src/model/system-metrics.ts'
import { FORMATS } from '../src/output/formats.ts'
import type { Format } from '../src/output/format.ts'
import { ARTIFACTS } from '../src/sources/artifacts/artifacts.ts'
import { FILTER_FIELDS } from '../src/tui/top/filter-field.ts'
import { KEYS } from '../src/tui/top/key-table.ts'
import { checkKeysTables, checkTypesTable } from './check-tables.ts'

const ROOT = resolve(import.meta.dirname, '..')
/** `npm run docs` writes what this test otherwise only compares. */
const writing = process.env['UPDATE_DOCS'] === '1' && process.env['CI'] !== 'true'

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const code = (text: string): string => `\`${text}\``

function flagTable(flags: Flags): string {
  return table(['flag', 'what it does', 'otherwise'], Object.values(flags).filter(({ hidden }) => !hidden).map(({ notation, about, otherwise, variable }) => [code(notation), `${about}${variable === undefined ? '' : ` (${code(variable)})`}`, otherwise ?? '']))
}

/** What stands between `<!-- generated:NAME -->` and `<!-- /generated -->`. */
const SECTIONS: Readonly<Record<string, () => string>> = {
  commands: () => table(['command', 'what it does'], COMMANDS.filter(({ hidden }) => !hidden).map(({ name, argument, arguments: several, about }) => [code(`${name}${argument ? ` <${argument.name}>` : ''}${several ? ` <${several.name}...>` : ''}`), about])),
  'global-flags': () => flagTable(GLOBAL_FLAGS),
  'load-flags': () => flagTable(LOAD_FLAGS),
  'command-flags': () => COMMANDS.filter(({ hidden }) => !hidden).map(({ name, about, argument, arguments: several, flags, examples }) =>
    [`### ${name}`, `${about[0]?.toUpperCase() ?? ''}${about.slice(1)}.`, ...(argument ? [`${code(`<${argument.name}>`)}: ${argument.about}.`] : []), ...(several ? [`${code(`<${several.name}...>`)}: ${several.about}.`] : []), ...(Object.keys(flags).length > 0 ? [flagTable(flags)] : []), `\`\`\`sh\n${examples.map(({ line, about: why }) => `# ${why}\nmedianest-perf ${line}`).join('\n')}\n\`\`\``].join('\n\n')).join('\n\n'),
  'exit-codes': () => table(['code', 'with `--strict`', '`health`', '`health --format nagios`', 'what happened'], Object.values(EXIT_CODES).map(({ plain, strict, health, nagios, about }) => [String(plain), plain === strict ? '' : String(strict), String(health), String(nagios), about])),
  metrics: () => table(['metric', 'kind', 'unit', 'what it is', 'also known as'], Object.entries<Metric>(METRICS).map(([name, { kind, unit, help, aliases }]) => [code(name), kind, unit, help, aliases.map(code).join(' ')])),
  catalogue,
  'template-functions': () => table(['template', 'what it yields'], TEMPLATE_FUNCTIONS.map(({ usage, doc }) => [code(`{{ ${usage} }}`), doc])),
  unsupported: () => table(['in', 'key', 'what it is', 'instead'], UNSUPPORTED.map(({ dialect, path, what, instead }) => [dialect, code(path), what, instead])),
  formats: () => table(['format', 'what it is for', 'file ending'], Object.values<Format>(FORMATS).map(({ name, about, extension }) => [code(name), about, extension === null ? '' : code(extension)])),
  artifacts: () => table(['written by', 'recognised by'], ARTIFACTS.map(({ name, mark }) => [name, mark])),
  'top-keys': () => table(['keys', 'what they do', 'for'], KEYS.map(({ keys, about, group }) => [keys.map(code).join(' '), about, group.toLowerCase()])),
  'budget-endpoints': () => table(['kind', 'a segment of the path is one of'], Object.entries(ENDPOINT_SEGMENTS).map(([kind, segments]) => [kind, segments.map(code).join(', ')])),
  'budget-presets': () => table(['preset', 'what it limits'], BUDGET_PRESETS.map(({ name, about }) => [code(name), about])),
  'budget-timings': () => table(['name', 'what it is', 'audit of Lighthouse', 'metric of real users (p75)', 'taken first'], Object.entries(TIMINGS).map(([name, { title, audit, web, isReal }]) => [code(name), title, audit === null ? '' : code(audit), web === null ? '' : code(web), isReal === true ? 'real users' : audit === null ? 'real users' : 'Lighthouse'])),
  'check-types': () => checkTypesTable(table),
  'check-keys': () => checkKeysTables(table),
  'action-inputs': () => table(['input', 'what it is', 'otherwise'], Object.entries(action().inputs).map(([name, { description, default: otherwise = '', required }]) => [code(name), `${description}${required ? ' (required)' : ''}`, otherwise === '' ? '' : code(otherwise)])),
  'action-outputs': () => table(['output', 'what it is'], Object.entries(action().outputs).map(([name, { description }]) => [code(name), description])),
  endpoints: endpointTable,
  'api-errors': () => table(['code', 'status', 'what it means'], Object.entries(ERROR_CODES).map(([name, { status, about }]) => [code(name), String(status), about])),
  'alert-levels': () => table(['threshold', 'of', 'warning', 'critical', 'unit'], ALERT_NAMES.map((name) => {
    const { metric, warning, critical, wireUnit } = ALERT_THRESHOLDS[name]
    return [code(name), code(metric), String(warning), String(critical), wireUnit]
  })),
  'filter-fields': () => table(['field', 'what it is', 'for example'], FILTER_FIELDS.map(({ names, about, examples }) => [names.map(code).join(' '), about, examples.map(code).join(' ')])),
}

/** Questions, streams and pages: all that stands at a path. */
function endpointTable(): string {
  const rows: (readonly [method: string, paths: readonly string[], query: z.ZodMiniType | null, role: string, about: string])[] = [
    ...Object.values(ENDPOINTS).map(({ method, paths, query, role, about }) => [method, paths, query, role, about] as const),
    ...Object.values(STREAMS).map(({ path, query, role, about }) => ['GET', [path], query, role, about] as const),
    ...Object.values(PAGES).map(({ paths, role, about }) => ['GET', paths, null, role, about] as const),
  ]
  return table(['method', 'path', 'query', 'role', 'what it answers'], rows.map(([method, paths, query, role, about]) => [method, paths.map(code).join(' '), query instanceof z.ZodMiniObject ? Object.keys(query.shape).map(code).join(' ') : '', role, about]))
}

interface Declared {
  readonly description: string
  readonly default?: string
  readonly required?: boolean
}

const action = (): Readonly<Record<'inputs' | 'outputs', Readonly<Record<string, Declared>>>> => parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Readonly<Record<'inputs' | 'outputs', Readonly<Record<string, Declared>>>>

/** The groups of the catalogue's page: what a metric's name begins with. */
const GROUPS: readonly (readonly [title: string, ...prefixes: string[]])[] = [
  ['Processors', 'cpu', 'load', 'tasks', 'context_switches', 'interrupts'], ['Memory and swap', 'memory', 'swap'], ['The control group', 'cgroup'], ['Pressure', 'pressure'],
  ['File systems', 'filesystem'], ['Disks', 'disk'], ['Network', 'network', 'tcp', 'sockets'], ['The machine', 'files', 'processes', 'uptime', 'clock'],
  ['The measuring itself', 'probe', 'self'], ['An instance', 'instance', 'api', 'db', 'cache', 'heap', 'jobs'], ['Health', 'health'],
]

function catalogue(): string {
  const metrics: Readonly<Record<string, Metric>> = { ...SYSTEM_METRICS, ...APPLICATION_METRICS, ...HEALTH_METRICS, 'cache.hit_rate': METRICS['cache.hit_rate'] }
  const groupOf = (name: string): number => GROUPS.findIndex(([, ...prefixes]) => prefixes.includes(name.split('.')[0] ?? ''))
  expect(Object.keys(metrics).filter((name) => groupOf(name) < 0), 'every metric belongs to a group').toEqual([])
  return GROUPS.map(([title], group) => {
    const rows = (Object.entries(metrics) as [MetricName, Metric][]).filter(([name]) => groupOf(name) === group).map(([name, { kind, unit, better, tag, help, aliases }]) => {
      const { name: family, labels } = prometheusOf(name)
      const all = [...(tag === undefined ? [] : [tag]), ...Object.entries(labels).map(([label, value]) => `${label}="${value}"`)]
      return [code(name), kind, unit, better === 'neither' ? '' : better, code(`${family}${all.length > 0 ? `{${all.join(',')}}` : ''}`), [help, ...(aliases.length > 0 ? [`Also ${aliases.map(code).join(', ')}.`] : [])].join(' ')]
    })
    return `### ${title}\n\n${table(['metric', 'kind', 'unit', 'better', 'in Prometheus', 'what it is'], rows)}`
  }).join('\n\n')
}

const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]

describe('the documentation', () => {
  it.each(pages)('%s says what the code says', (page) => {
    const path = join(ROOT, page)
    const text = readFileSync(path, 'utf8')
    const generated = text.replace(/<!-- generated:([\w-]+) -->\n[\s\S]*?<!-- \/generated -->/g, (whole, name: string) => {
      const make = SECTIONS[name]
      return make ? `<!-- generated:${name} -->\n${make()}\n<!-- /generated -->` : whole
    })
    if (writing) writeFileSync(path, generated)
    else expect(text, 'npm run docs brings it up to date').toBe(generated)
  })

  it.each([
    ['docs/schema/config.schema.json', () => configJsonSchema()],
    ['docs/schema/budget.schema.json', () => budgetJsonSchema()],
    ['docs/schema/scenario.schema.json', () => scenarioJsonSchema()],
  ])('%s is the schema of the code', (file, make) => {
    const text = `${JSON.stringify(make(), null, 2)}\n`
    if (writing) writeFileSync(join(ROOT, file), text)
    else expect(readFileSync(join(ROOT, file), 'utf8'), 'npm run docs brings it up to date').toBe(text)
  })

  it.each(pages)('%s links to nothing that is not there', (page) => {
    const text = readFileSync(join(ROOT, page), 'utf8').replace(/```[\s\S]*?```/g, '')
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !exists(join(ROOT, page, '..', link)))).toEqual([])
  })
})

function exists(path: string): boolean {
  try {
    readdirSync(path)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR'
  }
}
