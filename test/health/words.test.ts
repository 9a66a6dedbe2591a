import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCommand, splitWords } from '../../src/health/words.ts'

describe('the text of a command', () => {
  it('is split at blanks, and held together by quotes and backslashes', () => {
    expect(splitWords(`check_http -H 'a b'"c \\"d\\\\" e\\ f '' $HOME *.log http://x/?a=1&b=2`)).toEqual(['check_http', '-H', 'a bc "d\\', 'e f', '', '$HOME', '*.log', 'http://x/?a=1&b=2'])
    expect(splitWords(' \t\n ')).toEqual([])
  })

  it('that hopes for a shell, or does not end, is refused without being shown', () => {
    for (const text of ['a --password geheim | b', 'geheim > file', 'a && geheim', `a 'geheim`, 'a "geheim', 'geheim \\']) {
      expect(() => splitWords(text)).toThrow(expect.objectContaining({ code: 'INVALID_COMMAND', message: expect.not.stringContaining('geheim') }))
    }
    expect(splitWords(`a '|' "&&" \\;`)).toEqual(['a', '|', '&&', ';'])
  })

  it('comes back as it was where every word is quoted', () => {
    const quoted = (word: string): string => `'${word.replaceAll("'", `'"'"'`)}'`
    fc.assert(fc.property(fc.array(fc.string()), (words) => {
      expect(splitWords(words.map(quoted).join(' '))).toEqual(words)
    }))
  })

  it('may be a list, and may not be empty', () => {
    expect(readCommand(['/opt/my plugin', '|'])).toEqual(['/opt/my plugin', '|'])
    for (const empty of ['', '  ', [], ['']]) expect(() => readCommand(empty)).toThrow('it is empty')
  })
})
