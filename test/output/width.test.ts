import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutText, padText, textWidth, wrapText } from '../../src/output/width.ts'

test.each([['abc', 3], ['東京', 4], ['cafe\u0301', 4], ['👍🏽', 2], ['👩‍👩‍👧', 2], ['한국', 4], ['한', 2], ['1️⃣', 2], ['ｱ', 1], ['Ａ', 2], ['', 0]])('"%s" takes %i cells', (text, cells) => {
  expect(textWidth(text)).toBe(cells)
})

test('a cut text fits and never splits a character', () => {
  expect(cutText('東京物語', 6, '…')).toBe('東京…')
  expect(cutText('a👩‍👩‍👧b', 3, '…')).toBe('a…')
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 20 }), fc.constantFrom('…', '...'), (text, width, mark) => textWidth(cutText(text, width, mark)) <= width))
})

test('padding fills up to the width on either side', () => {
  expect([padText('東', 4), padText('東', 4, 'right'), padText('abcde', 4)]).toEqual(['東  ', '  東', 'abcde'])
})

test('text wraps at spaces and between wide characters, and an address stays whole', () => {
  expect(wrapText('one two three', 8)).toEqual(['one two', 'three'])
  expect(wrapText('see http://127.0.0.1:4000/api now', 10)).toEqual(['see', 'http://127.0.0.1:4000/api', 'now'])
  expect(wrapText('東京物語と小津', 6)).toEqual(['東京物', '語と小', '津'])
  expect(wrapText('', 10)).toEqual([''])
})

test('no word is lost by wrapping', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).filter((word) => !/\s/.test(word)), { minLength: 1 }), fc.integer({ min: 1, max: 40 }), (words, width) => {
    expect(wrapText(words.join(' '), width).join('').replaceAll(' ', '')).toBe(words.join(''))
  }))
})
