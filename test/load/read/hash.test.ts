import { describe, expect, test } from 'vitest'
import { planHash } from '../../../src/load/read/hash.ts'
import { read, withFlow } from './reading.ts'

const hashOf = async (flow: string, config = ''): Promise<string> => planHash(await read(withFlow(flow, config)))

describe('the hash of a plan', () => {
  const same = '- post: {url: /a, json: {x: 1, where: here}, capture: {json: $, as: a}}\n- {loop: [{think: 1}], count: 2}'

  test('is the same wherever it is sent and however it is judged and laid out', async () => {
    const hash = await hashOf(same)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(await hashOf(`# a comment\n${same}`)).toBe(hash)
    expect(await hashOf(same.replace('{x: 1, where: here}', '{where: here, x: 1}'))).toBe(hash)
    expect(await hashOf(same, ', ensure: {p95: 3}')).toBe(hash)
    expect(planHash(await read(withFlow(same), { target: 'http://localhost:1' }))).toBe(hash)
  })

  test.each([
    ['another path', same.replace('/a', '/b'), ''],
    ['another body', same.replace('here', 'there'), ''],
    ['another number of turns', same.replace('count: 2', 'count: 3'), ''],
    ['another variable', same, ', variables: {a: 1}'],
    ['another setting', same, ', http: {timeout: 3}'],
  ])('changes with %s', async (_what, flow, config) => {
    expect(await hashOf(flow, config)).not.toBe(await hashOf(same))
  })

  test('changes with the rows of a payload, not with the name of its file', async () => {
    const of = async (path: string, csv: string): Promise<string> => planHash(await read(withFlow(same, `, payload: {path: ${path}, fields: [id]}`), {}, { [path]: csv }))
    expect(await of('a.csv', '1')).toBe(await of('b.csv', '1'))
    expect(await of('a.csv', '1')).not.toBe(await of('a.csv', '2'))
  })
})
