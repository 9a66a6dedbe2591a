import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = resolve(import.meta.dirname, '../src')
const FLOORS: readonly (readonly string[])[] = [
  ['model', 'health-schema', 'budget-schema', 'collect-schema', 'serve-schema', 'contract', 'child-process.ts', 'config.ts', 'config-schema.ts', 'document.ts', 'files.ts', 'host.ts', 'version.ts'],
  ['analysis', 'services'],
  ['sources', 'health', 'load', 'api', 'output', 'tui', 'demo', 'budget', 'baselines'],
  ['agent', 'commands'],
  ['main.ts'],
]
const FORBIDDEN_ROOMS = ['util', 'utils', 'helpers', 'common', 'core', 'lib', 'shared', 'misc']
/** Packages that may be named in these rooms only. */
const FENCES: Readonly<Record<string, string | readonly string[]>> = {
  undici: 'api', 'eventsource-parser': 'api', 'eventsource-parser/stream': 'api', ink: 'tui', react: 'tui', fastify: ['demo', 'api'], '@fastify/jwt': ['demo', 'api'], '@fastify/rate-limit': 'api', '@fastify/cors': 'api', '@fastify/helmet': 'api', pino: 'api', 'prom-client': 'agent', pdfkit: 'output', autocannon: 'load', 'tough-cookie': 'load', 'csv-parse': 'load', 'csv-parse/sync': 'load',
  pg: 'services', ioredis: 'services', 'cli-table3': 'output', asciichart: 'output', 'hdr-histogram-js': 'analysis', systeminformation: 'sources', tinyglobby: 'sources', commander: 'main.ts', yaml: 'document.ts',
}

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
  .map((entry) => join(entry.parentPath, entry.name))

const roomOf = (file: string): string => relative(SRC, file).split('/')[0] ?? ''
const floorOf = (file: string): number => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)))

interface Import {
  readonly from: string
  readonly to: string
  readonly dynamic: boolean
  readonly typeOnly: boolean
}

const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(from, 'utf8')
  const found = [...text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm)]
  return found.map(([, type, named, bare, dynamic]) => ({ from, to: named ?? bare ?? dynamic ?? '', dynamic: dynamic !== undefined, typeOnly: type !== undefined }))
})
const inside = imports.filter(({ to }) => to.startsWith('.')).map((each) => ({ ...each, target: resolve(dirname(each.from), each.to) }))
const show = ({ from, to }: Import): string => `${relative(SRC, from)} imports ${to}`

describe('the house', () => {
  it('has a floor for every room, and no room for odds and ends', () => {
    expect(files.filter((file) => floorOf(file) < 0).map((file) => relative(SRC, file))).toEqual([])
    expect(files.filter((file) => relative(SRC, file).split(/[/.]/).some((part) => FORBIDDEN_ROOMS.includes(part)))).toEqual([])
  })

  it('lets no room import from a floor above its own, nor another room of the second floor', () => {
    const wrong = inside.filter(({ from, target }) => floorOf(target) > floorOf(from) || (floorOf(from) === 2 && floorOf(target) === 2 && roomOf(from) !== roomOf(target)))
    expect(wrong.map(show)).toEqual([])
  })

  it('imports nothing in a circle', () => {
    const edges = new Map<string, string[]>()
    for (const { from, target, dynamic, typeOnly } of inside) if (!dynamic && !typeOnly) edges.set(from, [...(edges.get(from) ?? []), target])
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) return void circles.push([...path.slice(path.indexOf(file)), file].map((each) => relative(SRC, each)).join(' > '))
      if (done.has(file)) return
      for (const next of edges.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })

  it('keeps heavy packages in their rooms', () => {
    const wrong = imports.filter(({ from, to }) => Object.hasOwn(FENCES, to) && ![FENCES[to]].flat().includes(roomOf(from)))
    expect(wrong.map(show)).toEqual([])
  })

  it('loads nothing but commander and its own declarations to print help', () => {
    const seen = new Set<string>()
    const packages = new Set<string>()
    const visit = (file: string): void => {
      if (seen.has(file)) return
      seen.add(file)
      for (const each of imports.filter(({ from, dynamic, typeOnly }) => from === file && !dynamic && !typeOnly)) {
        if (each.to.startsWith('.')) visit(resolve(dirname(file), each.to))
        else if (!each.to.startsWith('node:')) packages.add(each.to)
      }
    }
    visit(join(SRC, 'main.ts'))
    expect([...packages].sort()).toEqual(['commander', 'fastest-levenshtein'])
  })
})
