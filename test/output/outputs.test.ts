import { expect, test } from 'vitest'
import { formatNamed } from '../../src/output/formats.ts'
import { inPlace } from '../../src/output/in-place.ts'
import { createOutputs, parseOutput, type OutputRequest, type Outputs, type Sinks } from '../../src/output/outputs.ts'
import { FAILURE, MINIMAL, OPTIONS } from './cases.ts'

interface World extends Sinks {
  out: string
  err: string
  readonly files: Map<string, string>
  readonly abandoned: string[]
}

/** Sinks in memory; writing to a file named in `broken` fails. */
function world(broken: readonly string[] = []): World {
  const breakAt = (path: string): void => {
    if (broken.includes(path)) throw new Error(`no space left for ${path}`)
  }
  const self: World = {
    out: '', err: '', files: new Map(), abandoned: [],
    stdout: (text) => void (self.out += text),
    stderr: (text) => void (self.err += text),
    writeFile: async (path, data) => {
      breakAt(path)
      self.files.set(path, String(data))
    },
    addTo: async (path, text) => {
      breakAt(path)
      self.files.set(path, (self.files.get(path) ?? '') + text)
    },
    sizeOf: async (path) => Buffer.byteLength(self.files.get(path) ?? ''),
    createFile: async (path) => {
      let pending = ''
      return {
        write: async (text) => {
          breakAt(path)
          pending += text
        },
        commit: async () => void self.files.set(path, pending),
        abandon: async () => void self.abandoned.push(path),
      }
    },
  }
  return self
}

const stdout = (format: string): OutputRequest => ({ format: formatNamed(format), file: null })
const open = (sinks: Sinks, format: string, ...files: string[]): Outputs => createOutputs([stdout(format), ...files.map(parseOutput)], sinks, { ...OPTIONS, color: true, stderrColor: false, rows: 24 })

test.each([
  ['out.json', 'json', 'out.json'], ['a/b.XML', 'junit', 'a/b.XML'], ['c.md', 'markdown', 'c.md'], ['d.txt', 'human', 'd.txt'], ['e.ndjson', 'ndjson', 'e.ndjson'],
  ['junit=f.json', 'junit', 'f.json'], ['github=g=h', 'github', 'g=h'], ['./k=v/i.json', 'json', './k=v/i.json'],
])('--output %s writes %s to %s', (text, format, file) => {
  const request = parseOutput(text)
  expect([request.format.name, request.file]).toEqual([format, file])
})

test.each([
  ['jnuit=out.xml', 'there is no format "jnuit"', 'did you mean junit? the formats are human, json, ndjson, junit, github, markdown'],
  ['out.jsn', 'the name "out.jsn" does not say which format to write', 'did you mean .json?'],
  ['out', 'the name "out" does not say', 'name the format before the file, as in junit=out'],
  ['json=', 'the output "json=" names no file', 'write it like'],
  ['json=-', 'the output "json=-" names no file', 'for stdout there is --format'],
  ['', 'the output "" names no file', 'write it like'],
])('--output "%s" is refused', (text, message, hint) => {
  expect(() => parseOutput(text)).toThrow(expect.objectContaining({ kind: 'usage', message: expect.stringContaining(message), hint: expect.stringContaining(hint) }))
})

test('the same file twice is refused, however it is spelled', () => {
  expect(() => open(world(), 'human', 'out.json', 'markdown=./x/../out.json')).toThrow('two outputs go to out.json')
  expect(() => createOutputs([stdout('json'), stdout('human')], world(), { ...OPTIONS, stderrColor: false, rows: 24 })).toThrow('two outputs go to stdout')
})

test('one report goes to the screen and to every file', async () => {
  const sinks = world()
  const outputs = open(sinks, 'human', 'a.json', 'b.xml', 'c.md', 'd.ndjson', 'e.txt')
  await outputs.push(MINIMAL)
  await outputs.end()
  expect(sinks.out).toContain('\u001b[32m✓ OK')
  expect(sinks.files.get('e.txt')).toBe('health of nas\n✓ OK\n')
  expect([...sinks.files.keys()].sort()).toEqual(['a.json', 'b.xml', 'c.md', 'd.ndjson', 'e.txt'])
})

test('reports on the way go to streams only, and a streamed file appears when it is whole', async () => {
  const sinks = world()
  const outputs = open(sinks, 'json', 'a.ndjson', 'b.xml')
  await outputs.push({ ...MINIMAL, interim: true })
  expect([sinks.out, sinks.files.size]).toEqual(['', 0])
  await outputs.push(MINIMAL)
  await outputs.end()
  expect(sinks.files.get('a.ndjson')?.trimEnd().split('\n').map((line) => JSON.parse(line).interim)).toEqual([true, undefined])
  expect(JSON.parse(sinks.out).success).toBe(true)
})

test('a report that nobody needs to hear goes to files alone', async () => {
  const sinks = world()
  const outputs = open(sinks, 'ndjson', 'a.json')
  await outputs.push({ ...MINIMAL, isQuiet: true })
  expect([sinks.out, sinks.files.has('a.json')]).toEqual(['', true])
})

test('an error reaches every file in its own form, and people on stderr', async () => {
  const sinks = world()
  const outputs = open(sinks, 'human', 'a.json', 'b.xml', 'c.md', 'd.ndjson', 'github=e.log')
  await outputs.push({ ...MINIMAL, interim: true })
  await outputs.fail(FAILURE)
  await outputs.end()
  expect(sinks.out).toBe('')
  expect(sinks.err).toMatch(/^error: no agent answers/)
  expect(JSON.parse(sinks.files.get('a.json') ?? '').error.code).toBe('UNREACHABLE')
  expect(sinks.files.get('b.xml')).toContain('<error message="no agent')
  expect(sinks.files.get('c.md')).toContain('error: no agent')
  expect(sinks.files.get('d.ndjson')?.trimEnd().split('\n').map((line) => JSON.parse(line).success)).toEqual([true, false])
  expect(sinks.files.get('e.log')).toMatch(/^::error file=/)
})

test.each([['json', true, false], ['ndjson', true, false], ['github', true, false], ['junit', true, true], ['markdown', true, true], ['nagios', true, true], ['human', false, true]])('an error with --format %s: on stdout %s, on stderr %s', async (format, out, err) => {
  const sinks = world()
  await open(sinks, format).fail(FAILURE)
  expect([sinks.out !== '', sinks.err !== '']).toEqual([out, err])
})

test('a file that cannot be written does not keep the report from the others', async () => {
  const sinks = world(['a.json', 'b.ndjson'])
  const outputs = open(sinks, 'human', 'a.json', 'b.ndjson', 'c.md')
  await expect(outputs.push(MINIMAL)).rejects.toThrow('no space left for a.json')
  await outputs.fail(FAILURE)
  await outputs.end()
  expect(sinks.abandoned).toEqual(['b.ndjson'])
  expect(sinks.out).toContain('health of nas')
  expect(sinks.files.has('c.md')).toBe(true)
})

test('reports for people take each other\'s place on a terminal, quiet ones too, and are drawn again when it changes its size', async () => {
  const sinks = world()
  let [columns, rows] = [80, 24]
  const outputs = createOutputs([stdout('human')], sinks, { ...OPTIONS, stderrColor: false, inPlace: true, get columns() { return columns }, get rows() { return rows } })
  await outputs.redraw()
  await outputs.push({ ...MINIMAL, title: 'first' })
  await outputs.push({ ...MINIMAL, title: 'second', isQuiet: true })
  expect(sinks.out.split('\u001b[H')).toEqual(['\n'.repeat(23), 'first\u001b[K\n✓ OK\u001b[K\n\u001b[J', 'second\u001b[K\n✓ OK\u001b[K\n\u001b[J']);
  [columns, rows] = [6, 10]
  await outputs.redraw()
  expect(sinks.out.split('\u001b[H').at(-1)).toBe('second\n✓ OK\u001b[K\n\u001b[J')
})

test('what is too tall for the terminal is cut, and says so', () => {
  expect(inPlace('1\n2\n3\n4\n5\n6\n', { columns: 80, rows: 5 }).replaceAll('\u001b[K', '')).toBe('\u001b[H1\n2\n3\n(3 more lines: make the terminal taller)\n\u001b[J')
  expect(inPlace('1\n2\n3\n4\n', { columns: 80, rows: 5 })).toContain('4')
  expect(inPlace(`${'\u001b[31mx\u001b[0m'.repeat(25)}\n2\n3\n4\n`, { columns: 10, rows: 5 })).toContain('(3 more li')
})

test('elsewhere they follow each other', async () => {
  const sinks = world()
  const outputs = createOutputs([stdout('ndjson')], sinks, { ...OPTIONS, stderrColor: false, rows: 24, inPlace: true })
  await outputs.push(MINIMAL)
  await outputs.redraw()
  expect(sinks.out).toMatch(/^\{.*\}\n$/)
})
