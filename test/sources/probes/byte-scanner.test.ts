import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { ByteScanner } from '../../../src/sources/probes/byte-scanner.ts'

const folder = mkdtempSync(join(tmpdir(), 'medianest-scanner-'))
afterAll(() => rmSync(folder, { recursive: true }))

function scan(text: string, scanner = new ByteScanner()): ByteScanner {
  const path = join(folder, 'text')
  writeFileSync(path, text)
  const descriptor = openSync(path, 'r')
  scanner.fill(descriptor)
  closeSync(descriptor)
  return scanner
}

describe('numbers', () => {
  it('are what they are elsewhere', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -99_999, max: 99_999 }).map((hundredths) => hundredths / 100)), { maxLength: 20 }), fc.constantFrom(' ', '\t', '   '), (numbers, blank) => {
      const scanner = scan(numbers.map((number) => `${blank}${number}`).join(''))
      expect(numbers.map(() => scanner.number())).toEqual(numbers.map((number) => (Object.is(number, -0) ? 0 : number)))
      expect(scanner.number()).toBeNaN()
    }), { numRuns: 60 })
  })

  it.each([['', Number.NaN], ['-', Number.NaN], ['max 100000', Number.NaN], ['12abc', Number.NaN], ['\n5', Number.NaN], ['1/93', 1], ['9007199254740993', 9_007_199_254_740_992], ['9'.repeat(400), Number.POSITIVE_INFINITY], ['5.', 5]])('%j begins with %d', (text, expected) => {
    expect(scan(text).number()).toBe(expected)
  })

  it('never read what stood in the buffer before', () => {
    const scanner = scan('123456789\n987654321\n')
    expect([scan('12', scanner).number(), scanner.nextLine(), scanner.number()]).toEqual([12, false, Number.NaN])
  })
})

describe('any bytes', () => {
  it('are gone through to the end, each line once', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('\n', ' ', ':', 'a', '7', '\u0000', 'é'), maxLength: 800 }), (text) => {
      const scanner = scan(text)
      let lines = 1
      while (scanner.nextLine()) lines++
      expect(lines).toBe(Math.max(1, text.replace(/\n$/, '').split('\n').length))
      expect([scanner.at, scanner.number(), scanner.word(), scanner.take('a')]).toEqual([Buffer.byteLength(text), Number.NaN, false, false])
    }), { numRuns: 60 })
  })

  it('of a file much longer than the buffer arrive whole', () => {
    const scanner = scan(`${'0 '.repeat(100_000)}\n42\n`)
    expect([scanner.nextLine(), scanner.number(), scanner.end]).toEqual([true, 42, 200_004])
  })
})
