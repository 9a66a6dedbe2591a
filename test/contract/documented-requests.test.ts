import { describe, expect, it } from 'vitest'
import { readQuestion } from '../../src/contract/read-question.ts'
import { DOCUMENTED, LOAD_TEST, LOAD_TEST_FIELDS, missingFields } from './documented-requests.ts'

describe('the fields an answer must have', () => {
  it.each([
    ['a field that is there, though null', { data: { value: null } }, 'data.value', []],
    ['one that is not', { data: {} }, 'data.value', ['data.value']],
    ['one of each item', { list: [{ name: 'a' }, {}] }, 'list[].name', ['list[].name']],
    ['one of each item of an empty list', { list: [] }, 'list[].name', []],
    ['a list that is none', { list: null }, 'list[].name', ['list[].name']],
    ['one of each value of a map', { map: { a: { rx: 1 }, b: {} } }, 'map{}.rx', ['map{}.rx']],
    ['several of which some are there', { a: 1 }, 'a b', ['b']],
  ])('knows %s', (_, value, fields, missing) => {
    expect(missingFields(value, fields)).toEqual(missing)
  })

  it('are known of every documented request, each once', () => {
    expect(new Set(DOCUMENTED.map(({ title }) => title)).size).toBe(DOCUMENTED.length)
    for (const { fields } of [...DOCUMENTED, { fields: LOAD_TEST_FIELDS.begun }, { fields: LOAD_TEST_FIELDS.over }]) expect(missingFields({}, fields)).not.toEqual([])
  })

  it('are of requests that the contract takes', () => {
    expect(readQuestion('loadTest', { body: LOAD_TEST }).body.testName).toBe(LOAD_TEST.testName)
  })
})
