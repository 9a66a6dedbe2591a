import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../../src/model/error.ts'
import { valueOf } from '../../../src/model/snapshot.ts'
import { linesOf } from '../../../src/sources/recording/lines.ts'
import { FACTS, notesOf, pieces, read, record, snapshotsOf } from './recordings.ts'
import { snapshot } from '../../analysis/looks.ts'

// 130 ticks: full ones are on lines 2, 62 and 122.
const TEXT = await record(Array.from({ length: 130 }, (_, index) => snapshot(index * 1_000, { 'load.1': index })))
const lines = TEXT.trimEnd().split('\n')
const withLine = (number: number, change: (line: string) => string): string => lines.map((line, index) => (index === number - 1 ? change(line) : line)).join('\n') + '\n'
const loads = async (text: string, last?: number): Promise<number[]> => snapshotsOf(await read(text, last)).map((each) => valueOf(each, 'load.1'))

describe('what is no recording', () => {
  test.each<[string, string, string, string]>([
    ['an empty file', '', 'NOT_A_RECORDING', 'file.ndjson is no recording: it is empty'],
    ['a text', 'hello\x1b[2J\nworld\n', 'NOT_A_RECORDING', 'file.ndjson is no recording: its first line is not the header of one'],
    ['another JSON', '{"metrics":{}}\n', 'NOT_A_RECORDING', 'file.ndjson is no recording: its first line is not the header of one'],
    ['one without its first line', lines.slice(1).join('\n'), 'NOT_A_RECORDING', 'file.ndjson is no recording: its first line is not the header of one'],
    ['a damaged header', withLine(1, (line) => line.replace('"cores":8', '"cores":"8"')), 'NOT_A_RECORDING', 'file.ndjson is no recording: its header is damaged at facts.cores'],
    ['a later format', withLine(1, (line) => line.replace('"recording":1', '"recording":2').replace('1.2.3', '9.9\x07')), 'NEWER_RECORDING', 'file.ndjson was recorded by medianest-perf 9.9\\u0007 in format 2, of which this program knows nothing'],
  ])('%s', async (_, text, code, message) => {
    const error = await read(text.replace('\x07', '\\u0007')).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({ code, message: message.replace('\\u0007', '�'), where: { file: 'file.ndjson', line: 1, column: 1 } })
  })
})

describe('what is damaged', () => {
  const rest = (from: number): number[] => Array.from({ length: 130 - from }, (_, index) => from + index)
  test.each<[string, string, number[], string[]]>([
    ['nothing', TEXT, rest(0), []],
    ['the last line is cut off', TEXT.slice(0, -5), rest(0).slice(0, -1), ['file.ndjson:131: the last line is cut off and left out']],
    ['only the last line break is missing', TEXT.slice(0, -1), rest(0), []],
    ['a line in the middle', withLine(12, () => '\0\0\0'), [...rest(0).slice(0, 10), ...rest(60)], ['file.ndjson:12: the line is damaged; what follows is left out up to the next full tick']],
    ['two lines in the same minute are one note', withLine(12, () => 'x\ny'), [...rest(0).slice(0, 10), ...rest(60)], ['file.ndjson:12: the line is damaged; what follows is left out up to the next full tick']],
    ['a figure that is no number', withLine(12, (line) => line.replace('"v":[0,', '"v":[0,"')), [...rest(0).slice(0, 10), ...rest(60)], ['file.ndjson:12: the line is damaged; what follows is left out up to the next full tick']],
    ['a time that no calendar knows', withLine(12, (line) => line.replace('"t":', '"t":9e99,"x":')), [...rest(0).slice(0, 10), ...rest(60)], ['file.ndjson:12: the tick is damaged at t; what follows is left out up to the next full tick']],
    ['a series without a name', withLine(12, (line) => line.replace('"v":[0,', '"v":[7,')), [...rest(0).slice(0, 10), ...rest(60)], ['file.ndjson:12: the tick is damaged: it speaks of a series that has no name; what follows is left out up to the next full tick']],
    ['a full tick', withLine(62, () => '{'), [...rest(0).slice(0, 60), ...rest(120)], ['file.ndjson:62: the line is damaged; what follows is left out up to the next full tick']],
    ['a line that is far too long', withLine(12, () => `"${'x'.repeat(17_000_000)}"`), [...rest(0).slice(0, 10), ...rest(60)], ['file.ndjson:12: the line is too long; what follows is left out up to the next full tick']],
    ['empty lines and those of another system', TEXT.replaceAll('\n', '\r\n\r\n'), rest(0), []],
  ])('%s', async (_, text, expected, notes) => {
    const entries = await read(text)
    expect(snapshotsOf(entries).map((each) => valueOf(each, 'load.1'))).toEqual(expected)
    expect(notesOf(entries)).toEqual(notes)
  })

  test('the end alone begins at a full tick, with the facts that held then', async () => {
    expect((await loads(TEXT, 20))[0]).toBe(60)
    expect((await loads(TEXT, 5))[0]).toBe(120)
    const changed = withLine(30, (line) => `${line}\n${JSON.stringify({ facts: { ...FACTS, os: 'Debian 13' } })}`)
    expect((await read(changed, 5))[0]).toMatchObject({ kind: 'facts', facts: { os: 'Debian 13' } })
  })

  test('what breaks off while it is read is a note, and what was read stays', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield lines.slice(0, 5).join('\n') + '\n'
      throw Object.assign(new Error('incorrect data check'), { code: 'Z_DATA_ERROR' })
    }
    const { readRecording } = await import('../../../src/sources/recording/read.ts')
    const { entries } = await readRecording(broken(), 'f.gz')
    const kinds: string[] = []
    for await (const entry of entries) kinds.push(entry.kind === 'note' ? entry.text : entry.kind)
    expect(kinds).toEqual([...Array.from({ length: 4 }, () => 'snapshot'), 'f.gz:5: nothing after this line can be read (incorrect data check)'])
  })

  test('whatever is done to the bytes, reading ends with snapshots, notes or an error for people', async () => {
    const change = fc.tuple(fc.nat(TEXT.length - 1), fc.nat(40), fc.oneof(fc.string({ maxLength: 10 }), fc.constantFrom('1e999', '-1', 'null', '{}', '[]', '"__proto__"', '{"f":1,', '\n', '99999999')))
    await fc.assert(fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const text = changes.reduce((sum, [start, length, put]) => sum.slice(0, start) + put + sum.slice(start + length), TEXT.slice(0, 9_000))
      const entries = await read(text).catch((error: unknown) => {
        expect(error).toBeInstanceOf(UserError)
        return []
      })
      for (const each of snapshotsOf(entries)) {
        expect(() => new Date(each.at).toISOString()).not.toThrow()
        for (const series of each.samples.values()) for (const value of series.values()) expect(Number.isFinite(value)).toBe(true)
      }
    }), { numRuns: 300 })
  })
})

test('lines are the same however the text is cut into pieces', async () => {
  const texts = async (text: string, length: number): Promise<unknown[]> => {
    const found: unknown[] = []
    for await (const line of linesOf(pieces(text, length))) found.push([line.number, line.text, line.isWhole])
    return found
  }
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom('a', '\n', 'bc', ' ', 'é'), { maxLength: 30 }).map((parts) => parts.join('')), fc.integer({ min: 1, max: 7 }), async (text, length) => {
    expect(await texts(text, length)).toEqual(text.split('\n').map((line, index, all) => [index + 1, line.trim(), index < all.length - 1]).filter(([, line]) => line !== ''))
  }))
})
