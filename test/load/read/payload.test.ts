import { describe, expect, test } from 'vitest'
import { read, refusal } from './reading.ts'

const withPayload = (payload: string): string => `config: {target: demo, phases: [{duration: 1, arrivalRate: 1}],
  payload: ${payload}}
scenarios: [{flow: [{get: {url: /}}]}]`

describe('a payload', () => {
  test.each<[string, string, object[]]>([
    ['{path: a.csv, fields: [id, name]}', '1,ann\n2,bob\n', [{ fields: ['id', 'name'], rows: [['1', 'ann'], ['2', 'bob']], order: 'random', source: 'a.csv' }]],
    ['[{path: a.csv, fields: [id], skipHeader: true, order: sequence}]', '\ufeffid,rest\n1,x\n\n2,y', [{ fields: ['id'], rows: [['1'], ['2']], order: 'sequence' }]],
    ['{path: a.csv}', 'id,name\n1,"a ""b"", c"', [{ fields: ['id', 'name'], rows: [['1', 'a "b", c']] }]],
    ['{path: a.csv, fields: [id, name], delimiter: ";", loadAll: true, name: users}', '1;a,b\n', [{ rows: [['1', 'a,b']], as: 'users' }]],
  ])('%s', async (payload, csv, expected) => {
    expect((await read(withPayload(payload), {}, { 'a.csv': csv })).payloads).toMatchObject(expected)
  })

  test('may be named on the command line', async () => {
    expect((await read(withPayload('{fields: [id]}'), { payloadFile: 'b.csv' }, { 'b.csv': '7' })).payloads).toMatchObject([{ rows: [['7']], source: 'b.csv' }])
    expect((await read('target: demo\nvus: 1\nduration: 1s', { payloadFile: 'b.csv' }, { 'b.csv': 'id\n7' })).payloads).toMatchObject([{ fields: ['id'], rows: [['7']] }])
  })

  test.each<[string, string, string, string]>([
    ['a missing file', '{path: b.csv, fields: [id]}', '', "INVALID_PAYLOAD test.yaml:2:19 the payload b.csv cannot be read: there is no such file | its path is relative to the scenario's folder"],
    ['no path', '{fields: [id]}', '', 'INVALID_VALUE test.yaml:2:12 "config.payload.path" is missing: the CSV file, unless --payload names it | add it'],
    ['an empty file', '{path: a.csv, fields: [id]}', '\n', 'INVALID_PAYLOAD test.yaml:2:19 the payload a.csv has no rows | add one row for each set of values'],
    ['nothing but a header', '{path: a.csv}', 'id\n', 'INVALID_PAYLOAD test.yaml:2:19 the payload a.csv has no rows below its header | add one row for each set of values'],
    ['too few columns', '{path: a.csv, fields: [id, name]}', '1\n2', 'INVALID_PAYLOAD test.yaml:2:34 the payload a.csv has 1 column, so none for the field "name" | name one field for each column, and check the delimiter'],
    ['a ragged row', '{path: a.csv, fields: [id]}', '1,a\n2\n', 'INVALID_PAYLOAD a.csv:2:1 this row has 1 column, the first has 2 | quote values that hold the delimiter'],
    ['a field twice', '{path: a.csv, fields: [id, id]}', '1,a\n', 'DUPLICATE_NAME test.yaml:2:34 two fields are named "id" | give each a name of its own'],
    ['loadAll without a name', '{path: a.csv, fields: [id], loadAll: true}', '1', 'INVALID_VALUE test.yaml:2:12 "config.payload.name" is missing: with loadAll, the variable that holds all rows | add it'],
    ['an order that does not exist', '{path: a.csv, order: randm}', '1', 'INVALID_VALUE test.yaml:2:33 "config.payload.order" must be random or sequence, but it is the text "randm" | did you mean "random"?'],
  ])('%s', async (_what, payload, csv, expected) => {
    expect(await refusal(read(withPayload(payload), {}, { 'a.csv': csv }))).toBe(expected)
  })

  test('that is no CSV names its line', async () => {
    expect(await refusal(read(withPayload('{path: a.csv, fields: [id]}'), {}, { 'a.csv': '1\n"2\n' }))).toMatch(/^INVALID_PAYLOAD a\.csv:\d+:1 the payload is not valid CSV: Quote Not Closed/)
  })
})
