import { expect, test } from 'vitest'
import { createShelf } from '../../src/demo/shelf.ts'

test('a full shelf forgets the oldest entry', () => {
  const shelf = createShelf<string>(3)
  for (const [id, value] of [[1, 'a'], [2, 'b'], [3, 'c'], [4, 'd']] as const) shelf.put(id, value)
  expect(shelf.list()).toEqual(['d', 'c', 'b'])
  expect(shelf.get(1)).toBeUndefined()
})

test('an entry that was renewed is not the oldest', () => {
  const shelf = createShelf<string>(2)
  for (const [id, value] of [[1, 'a'], [2, 'b'], [1, 'A'], [3, 'c']] as const) shelf.put(id, value)
  expect(shelf.list()).toEqual(['c', 'A'])
})

test('a removed entry makes room', () => {
  const shelf = createShelf<string>(2)
  shelf.put(1, 'a')
  expect([shelf.remove(1), shelf.remove(1), shelf.size]).toEqual([true, false, 0])
})

test('a million entries leave a thousand', () => {
  const shelf = createShelf<number>()
  for (let id = 1; id <= 1_000_000; id++) shelf.put(id, id)
  expect([shelf.size, shelf.list()[0], shelf.list().at(-1)]).toEqual([1_000, 1_000_000, 999_001])
})
