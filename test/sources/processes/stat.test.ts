import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberAfterColon, Stat } from '../../../src/sources/processes/stat.ts'

const TAIL = 'S 7 1 1 0 -1 4194304 5 6 7 8 120 30 0 0 20 0 3 0 987654 1000 256 18446744073709551615 1 2 140737 0'

function parse(text: string): Stat | undefined {
  const bytes = Buffer.from(text)
  const stat = new Stat()
  return stat.parse(bytes, bytes.length) ? stat : undefined
}

describe('a stat line', () => {
  it('is read whatever the name is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 15 }), (name) => {
      const bytes = Buffer.from(`42 (${name}) ${TAIL}\n`)
      const stat = new Stat()
      expect(stat.parse(bytes, bytes.length)).toBe(true)
      expect({ name: stat.name(bytes), state: stat.state, parent: stat.parent, ticks: stat.cpuTicks, threads: stat.threads, start: stat.startTicks, pages: stat.residentPages, stack: stat.stackStart }).toEqual({ name: Buffer.from(name).toString(), state: 'S', parent: 7, ticks: 150, threads: 3, start: 987_654, pages: 256, stack: 140_737 })
    }))
  })

  it('is refused when it is cut or something else', () => {
    for (const text of ['', '42', '42 (sh', '42 (sh)', '42 (sh) S', '42 (sh) S 7 1 1', ')(']) expect(parse(text)).toBeUndefined()
    fc.assert(fc.property(fc.string(), (text) => void parse(text)))
  })

  it('tells threads of the kernel from programs', () => {
    expect(parse(`2 (kthreadd) ${TAIL}`)?.isKernel).toBe(false)
    expect(parse(`2 (kthreadd) ${TAIL.replace('4194304', '2129984')}`)?.isKernel).toBe(true)
  })
})

describe('the input and output of a process', () => {
  const bytes = Buffer.from('rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 53248\nwrite_bytes: 99\ncancelled_write_bytes: 0\n')
  it('is read by position, and unknown where it is cut', () => {
    expect([numberAfterColon(bytes, bytes.length, 5), numberAfterColon(bytes, bytes.length, 6), numberAfterColon(bytes, 40, 6)]).toEqual([53_248, 99, Number.NaN])
  })
})
