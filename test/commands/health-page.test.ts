import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RESPONSE_TARGETS } from '../../src/analysis/response-targets.ts'
import { COMMANDS } from '../../src/commands/list.ts'
import { GLOBAL_FLAGS } from '../../src/commands/global.ts'
import { CERTIFICATE_LEVELS } from '../../src/health/certificate-time.ts'
import type { Levels } from '../../src/health/levels.ts'
import { usageLevels } from '../../src/health/usage-levels.ts'
import { parseDuration, parseRatio } from '../../src/model/unit.ts'

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8')
const page = read('docs/health.md')

/** Levels as a check has them in its source: `{ warning: 0.1, critical: 15 * 60_000 }` where `before` stands last before them. */
function written(file: string, before: string): Levels {
  const text = read(`src/health/${file}`)
  const [, warning = '', critical = ''] = /\{ warning: ([\d_.* ]+), critical: ([\d_.* ]+) \}/.exec(text.slice(text.indexOf(before))) ?? []
  const product = (expression: string): number => expression.split('*').reduce((all, part) => all * Number(part.replaceAll('_', '')), 1)
  expect(text, `${file} says ${before}`).toContain(before)
  return { warning: product(warning), critical: product(critical) }
}

const LEVELS: Readonly<Record<string, () => Levels>> = {
  '`disk` space in use': () => usageLevels('filesystem.usage'),
  '`disk` inodes in use': () => written('checks/disk.ts', 'levels(config.inodes'),
  '`memory` memory in use': () => usageLevels('memory.usage'),
  '`cpu` processors in use, watched for a second; not in the preset, which takes no time to watch': () => usageLevels('cpu.usage'),
  '`load` load for each processor, over 5 minutes': () => written('checks/load.ts', 'config.perCore'),
  '`pressure` last minute in which something waited for memory': () => written('checks/pressure.ts', "resource: 'memory'"),
  '`pressure` last minute in which something waited for a disk': () => written('checks/pressure.ts', "resource: 'io'"),
  '`swap` swap in use': () => written('checks/swap.ts', 'config.usage'),
  '`clock` offset': () => written('checks/clock.ts', 'config.offset'),
  '`files` open files of those the machine may have': () => written('checks/files.ts', 'config.usage'),
  '`store` time since it was last written to': () => written('checks/store.ts', 'config.age'),
  '`tls`, `http` and its kin time the certificate is still valid': () => CERTIFICATE_LEVELS,
  ...Object.fromEntries(Object.entries(RESPONSE_TARGETS).map(([category, levels]) => [`\`http\` response time, with \`category: ${category}\``, () => levels])),
  '`postgres` response time': () => written('checks/postgres.ts', 'RESPONSE_MS ='),
  '`postgres` connections in use': () => written('postgres/sessions.ts', 'CONNECTIONS ='),
  '`postgres` replication lag': () => written('postgres/replication.ts', 'LAG_MS ='),
  '`postgres` age of the oldest transaction': () => written('postgres/sessions.ts', 'TRANSACTION_MS ='),
  '`postgres` age of the last backup': () => written('checks/postgres.ts', 'BACKUP_AGE_MS ='),
  '`redis` response time': () => written('redis/examine.ts', 'RESPONSE_TIME ='),
  '`redis` memory in use, where keys are not evicted': () => written('redis/examine.ts', 'MEMORY ='),
  '`redis` clients in use': () => written('redis/traffic.ts', 'CONNECTIONS ='),
  '`redis` replication lag': () => written('redis/examine.ts', 'LAG ='),
}

const table = page.slice(page.indexOf('| type | figure | warning | critical |')).split('\n\n')[0] ?? ''
const rows = table.split('\n').slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
const valueOf = (text: string): number => (text.endsWith('%') ? parseRatio(text) : /[a-z]/.test(text) ? parseDuration(text.replaceAll(' ', '')) : Number(text))

describe('the page about health', () => {
  it('has the levels of every figure that the checks judge by themselves', () => {
    expect(rows.map(([type, figure]) => `${type} ${figure}`)).toEqual(Object.keys(LEVELS))
  })

  it.each(rows.map(([type = '', figure = '', warning = '', critical = '']) => ({ row: `${type} ${figure}`, warning, critical })))('tells the levels of $row as the check has them', ({ row, warning, critical }) => {
    expect({ warning: valueOf(warning), critical: valueOf(critical) }).toEqual((({ warning: warn, critical: fail }) => ({ warning: warn, critical: fail }))(LEVELS[row]!()))
  })

  it('shows no flag that does not exist', () => {
    const known = new Set([...Object.values(GLOBAL_FLAGS), ...Object.values(COMMANDS.find(({ name }) => name === 'health')!.flags)].map(({ notation }) => /--[a-z-]+/.exec(notation)?.[0]))
    const shown = [...page.matchAll(/medianest-perf health[^\n]*/g)].flatMap(([line]) => line.match(/(?<= )--[a-z-]+/g) ?? [])
    expect(shown.length).toBeGreaterThan(10)
    expect(shown.filter((flag) => !known.has(flag))).toEqual([])
  })
})
