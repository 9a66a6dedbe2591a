import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/model/error.ts'
import type { Process } from '../../../src/model/process.ts'
import { FILTER_FIELDS } from '../../../src/tui/top/filter-field.ts'
import { parseFilter } from '../../../src/tui/top/filter-parser.ts'
import { AT, process } from './processes.ts'

const node = process({ program: { pid: 3_121, name: 'node', command: 'node Server.js --cluster', user: 'app', container: 'shop_api_1', startedAt: AT - 2 * 3_600_000 }, parent: 7, state: 'R', threads: 14, cpu: 1.312, cpuTimeMs: 161_200, residentBytes: 689e6, memory: 0.029, readRate: 0, writeRate: 1.1e6 })
const kernel = process({ program: { pid: 77, name: 'kdamond.0', command: '[kdamond.0]', user: 'root', isKernel: true, startedAt: AT - 86_400_000 }, parent: 2, state: 'I', cpu: Number.NaN, residentBytes: 0, memory: 0, readRate: Number.NaN, writeRate: Number.NaN })
const keeps = (text: string, one: Process = node): boolean => parseFilter(text).matches(one, AT)

function errorOf(text: string): UserError {
  try {
    parseFilter(text)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`"${text}" was understood`)
}

describe('a filter', () => {
  it.each([
    'cpu>30', 'cpu>30%', 'cpu > 131 %', 'CPU>=131.2', 'cpu<131.3', 'cpu!=0', 'mem>2.8', 'mem:2.9%', 'mem>200MB', 'mem<700 mb', 'rss>0.6GiB', 'res<1g', 'io>1MB', 'io>1 MB/s', 'read=0', 'write>=500k', 'write>1000Ki',
    'pid=3121', 'pid:3121', 'pid==3121', 'ppid=7', 'threads>10', 'thr<=14', 'time>2m', 'time>160', 'time<2m42s', 'age>1h30m', 'age<=2h', 'state:r', 'state=R', 'state!=S',
    'user:app', 'user:AP', 'user=APP', 'user!=root', 'name:od', 'name=node', 'command:server', 'cmd:"js --cl"', "cmd:'--cluster'", 'container:api', 'ctr!=""', 'name~^(node|nginx)$', 'name !~ ^ngi', 'command~"server.js +--"',
    'node', 'NODE', 'server.js', '"js --cluster"', '3121', 'not kernel', '!kernel', '!(kernel)', 'not not node', 'node cluster', 'node cpu>30', '(node)(app)', 'pid>1 and(cpu>30 or kernel)', 'kernel||node&&cpu>1', '!kernel&&!user=root', 'kernel or app',
  ])('%s keeps a busy node process of a container', (text) => {
    expect(keeps(text)).toBe(true)
  })

  it.each(['cpu>131.2', 'cpu<=0.3', 'mem>3%', 'mem>1GiB', 'io>2MB', 'pid=312', '312', 'age<2h', 'state:S', 'user=ap', 'user:root', 'name=nod', 'ctr=api', 'kernel', '"kernel"', 'not node', '!node', 'name~^ode', 'node nginx', '"cluster node"'])('%s does not keep it', (text) => {
    expect(keeps(text)).toBe(false)
  })

  it('takes percent as the table shows them, so 0.3 is a third of a percent', () => {
    expect(['cpu>0.3', 'cpu>0.2'].map((text) => keeps(text, process({ cpu: 0.0025 })))).toEqual([false, true])
    expect(keeps('cpu=30', process({ cpu: 0.3 }))).toBe(true)
  })

  it('takes K, M and G as the table shows them, in powers of 1024 like KiB, MiB and GiB, and kB, MB and GB as powers of ten', () => {
    const shown = process({ residentBytes: 689 * 1_024 ** 2 })
    expect(['rss=689M', 'rss=689m', 'rss=689Mi', 'rss=689MiB', 'rss=705536K', 'rss=705536 k', 'mem=689M'].filter((text) => !keeps(text, shown))).toEqual([])
    expect(['rss>1G', 'rss>=1GB', 'rss<1G'].map((text) => keeps(text, process({ residentBytes: 1_000_000_000 })))).toEqual([false, true, true])
    const million = process({ residentBytes: 1_000_000, readRate: 1_000, writeRate: 1_024 })
    expect(['rss=1mb', 'rss=1000kB', 'rss=1000000', 'rss=1000000b', 'rss<1M', 'rss<1MiB', 'read=1kB/s', 'read<1k', 'write=1k', 'write=1K/s'].filter((text) => !keeps(text, million))).toEqual([])
  })

  it('binds not closer than and, and and closer than or', () => {
    expect(keeps('node or node and kernel')).toBe(true)
    expect(keeps('(node or node) and kernel')).toBe(false)
    expect(keeps('not kernel or node and kernel')).toBe(true)
    expect(keeps('not (kernel or node)')).toBe(false)
    expect(keeps('kernel node or node')).toBe(true)
  })

  it('lets no comparison match what is not known, though its opposite does', () => {
    expect(['cpu>0', 'cpu<=0', 'cpu=0', 'cpu!=0', 'io!=5', 'read<1GB'].filter((text) => keeps(text, kernel))).toEqual([])
    expect(keeps('not io>1MB', kernel)).toBe(true)
  })

  it('searches a quoted keyword or field as text', () => {
    const strange = process({ program: { name: 'and', command: 'say "or" \\ not cpu>3' } })
    expect(['"and"', "'cpu>3'", '"\\"or\\""', "'\"or\"'", '"\\\\ not"'].map((text) => keeps(text, strange))).toEqual([true, true, true, true, true])
  })

  it('keeps what was typed', () => {
    expect(parseFilter('  cpu>0.3 or user:root ').text).toBe('cpu>0.3 or user:root')
  })
})

describe('a filter that cannot be understood', () => {
  it.each([
    ['cpu>', 'column 5: expected a number such as 30 or 30%, found the end'],
    ['cpu>abc', 'column 5: expected a number such as 30 or 30%, found "abc"'],
    ['cpu>5MB', 'column 5: expected a number such as 30 or 30%, found "5MB"'],
    ['mem>5x', 'column 5: expected a number such as 30 or 30%, or 200M, 200MB or 1GiB, found "5x"'],
    ['cup>3', 'column 1: there is no field "cup"; did you mean cpu?'],
    ['node and usr:root', 'column 10: there is no field "usr"; did you mean user?'],
    ['redis-server:6379', 'column 1: there is no field "redis-server"; quote it to search for it'],
    ['user>root', 'column 5: user does not go with >; expected : = == != ~ !~'],
    ['cpu~3', 'column 4: cpu does not go with ~; expected < <= > >= = == : !='],
    ['kernel=1', 'column 7: kernel does not go with =; expected kernel alone'],
    ['(cpu>3', 'column 7: expected ), found the end'],
    ['cpu>3)', 'column 6: expected and, or, or the end, found ")"'],
    ['cpu>3 or', 'column 9: expected a comparison such as cpu>30, or a text to search for, found the end'],
    ['and', 'column 1: expected a comparison such as cpu>30, or a text to search for, found "and"'],
    ['', 'column 1: expected a comparison such as cpu>30, or a text to search for, found the end'],
    ['user:', 'column 6: expected a text, found the end'],
    ['name:"no', 'column 9: expected a closing ", found the end'],
    ['state:zombie', 'column 7: expected one letter such as R, S, D, Z, T or I, found "zombie"'],
    ['a & b', 'column 3: expected and, or, or the end, found "& b"'],
    ['name~(a', 'column 6: a ( has no )'],
    ['name~a{3}', 'column 6: counts in braces are not understood; a brace itself is \\{'],
    ['name~', 'column 6: expected a pattern such as ^node, found the end'],
    ['\u001b[2J:x', 'column 1: there is no field "\ufffd[2J"; quote it to search for it'],
  ])('%j: %s', (text, message) => {
    expect(errorOf(text).message).toBe(message)
    expect(errorOf(text)).toMatchObject({ code: 'FILTER_SYNTAX', kind: 'usage' })
  })

  it('is one that nobody typed', () => {
    expect(errorOf('x'.repeat(301)).message).toBe('column 301: a filter ends after 300 characters')
    expect(errorOf('('.repeat(300)).code).toBe('FILTER_SYNTAX')
  })

  it('says so for any text at all, and never breaks', () => {
    const piece = fc.oneof(fc.constantFrom('cpu', 'user', 'name', 'kernel', 'and', 'or', 'not', '(', ')', '<', '>=', '!=', '~', ':', '!', '&&', '||', '"', "'", '\\', ' ', '5', '5%', '1GiB', '[a-', ']', '*', '+', '|'), fc.string({ unit: 'binary', maxLength: 4 }))
    fc.assert(fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      try {
        expect(parseFilter(pieces.join('')).matches(node, AT)).toBeTypeOf('boolean')
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
        expect((error as UserError).message).toMatch(/^column \d+: [^\n]+$/)
      }
    }), { numRuns: 3_000 })
  })
})

describe('an expression however it is written', () => {
  type Node = { readonly text: string; readonly means: (one: Process) => boolean } | { readonly kind: 'not'; readonly of: Node } | { readonly kind: 'and' | 'or'; readonly left: Node; readonly right: Node }
  const leaf = fc.constantFrom<Node>(
    { text: 'cpu>30', means: ({ cpu }) => cpu > 0.3 }, { text: 'threads >= 3', means: ({ threads }) => threads >= 3 }, { text: 'state:r', means: ({ state }) => state === 'R' },
    { text: 'kernel', means: ({ program }) => program.isKernel }, { text: '"node or"', means: ({ program }) => program.command.includes('node or') }, { text: 'user!=root', means: ({ program }) => program.user !== 'root' },
  )
  const { tree } = fc.letrec<{ tree: Node }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, fc.record({ kind: fc.constant('not' as const), of: tie('tree') }), fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('tree'), right: tie('tree') })),
  }))
  const RANK = { or: 1, and: 2, not: 3 }
  // Parentheses only where they are needed: what binds closer is left to the parser.
  const write = (node: Node, words: Readonly<Record<string, string>>, around = 0): string => {
    if (!('kind' in node)) return node.text
    const inner = node.kind === 'not' ? `${words['not']}${write(node.of, words, RANK.not)}` : `${write(node.left, words, RANK[node.kind])}${words[node.kind]}${write(node.right, words, RANK[node.kind])}`
    return RANK[node.kind] < around ? `(${inner})` : inner
  }
  const means = (node: Node, one: Process): boolean => !('kind' in node) ? node.means(one) : node.kind === 'not' ? !means(node.of, one) : node.kind === 'and' ? means(node.left, one) && means(node.right, one) : means(node.left, one) || means(node.right, one)
  const any = fc.record({ cpu: fc.constantFrom(0, 0.3, 0.5, Number.NaN), threads: fc.integer({ min: 1, max: 5 }), state: fc.constantFrom('R', 'S'), isKernel: fc.boolean(), command: fc.constantFrom('node', 'a node or two'), user: fc.constantFrom('root', 'app') })
    .map(({ isKernel, command, user, ...rest }) => process({ ...rest, program: { isKernel, command, user } }))

  it.each([{ and: ' and ', or: ' or ', not: 'not ' }, { and: '&&', or: '||', not: '!' }, { and: ' ', or: '\tOR ', not: ' ! ' }])('means the same with %j', (words) => {
    fc.assert(fc.property(tree, any, (expression, one) => {
      const text = write(expression, words)
      fc.pre(text.length <= 300)
      expect(parseFilter(text).matches(one, AT), text).toBe(means(expression, one))
    }), { numRuns: 500 })
  })
})

describe('the fields of filters', () => {
  it.each(FILTER_FIELDS.flatMap(({ examples }) => examples))('%s, an example of the documentation, is understood', (example) => {
    expect(parseFilter(example).text).toBe(example)
  })

  it('are what the page of the documentation shows in its expressions', () => {
    const page = readFileSync(new URL('../../../docs/top.md', import.meta.url), 'utf8')
    const expressions = (page.split('## Filter the processes')[1] ?? '').split('\n').filter((line) => line.startsWith('    ')).map((line) => line.trim().split(/\s{3,}/)[0] ?? '')
    expect(expressions.length).toBeGreaterThan(5)
    for (const expression of expressions) expect(parseFilter(expression).text).toBe(expression)
  })

  it('have names of their own', () => {
    const names = FILTER_FIELDS.flatMap((field) => field.names)
    expect(new Set(names).size).toBe(names.length)
  })
})
