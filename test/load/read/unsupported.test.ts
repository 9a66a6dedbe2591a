import { stringify } from 'yaml'
import { describe, expect, test } from 'vitest'
import { UNSUPPORTED, type Unsupported } from '../../../src/load/read/unsupported.ts'
import { read, refusal } from './reading.ts'

const request = (path: string): Record<string, unknown> => {
  const [part = '', key] = path.split('[].')
  return { url: '/', ...(key === undefined ? { [part]: 'x' } : { [part]: [{ [key]: 'x' }] }) }
}

const step = (path: string): Record<string, unknown> =>
  path.startsWith('step.') ? { [path.slice(5)]: 'x' } : { loop: [{ group: { name: 'g', steps: [{ get: request(path.slice(8)) }] } }], count: 1 }

/** A document that has the key where the table says it stands, in steps as deep as they go. */
function documentWith({ dialect, path }: Unsupported): unknown {
  const inFlow = path.startsWith('step.') || path.startsWith('request.')
  const nested = (): unknown => path.replace('[]', '').split('.').slice(1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), 'x')
  if (dialect === 'artillery') {
    const flow = inFlow ? [step(path)] : [{ get: { url: '/' } }]
    const scenario = path.startsWith('scenarios[].') ? { flow, [path.slice(12)]: 'x' } : { flow }
    const config = { target: 'demo', phases: [{ duration: 1, arrivalRate: 1 }], ...(path.startsWith('config.') ? nested() as object : {}) }
    return { config, scenarios: [scenario], ...(path.includes('.') ? {} : { [path]: {} }) }
  }
  if (dialect === 'connections') return { url: 'demo', connections: 1, [path]: 'x' }
  const main = { executor: 'constant-vus', duration: '1s', ...(path.startsWith('scenarios.*.') ? { [path.slice(12)]: 'x' } : {}) }
  return { target: 'demo', scenarios: { main }, flows: { default: { steps: inFlow ? [step(path)] : [{ get: { url: '/' } }] } }, ...(path.includes('.') ? {} : { [path]: 'x' }) }
}

describe('what is not supported', () => {
  test.each(UNSUPPORTED.map((entry) => [`${entry.dialect}: ${entry.path}`, entry] as const))('%s is refused by name, with what to do instead', async (_what, entry) => {
    const text = stringify(documentWith(entry))
    const key = entry.path.split('.').at(-1) ?? ''
    const told = await refusal(read(text))
    expect(told).toContain(`${key}" (${entry.what}) is not supported yet | ${entry.instead}`)
    const line = Number(/test\.yaml:(\d+):/.exec(told)?.[1])
    expect(text.split('\n')[line - 1]).toContain(key)
  })

  test('reads like this', async () => {
    expect(await refusal(read('config:\n  target: demo\n  processor: ./hooks.js\nscenarios: []'))).toBe(
      'UNSUPPORTED test.yaml:3:3 "config.processor" (JavaScript hooks) is not supported yet | no code of a scenario is run; write it with captures, "set", "ifTrue" and expectations',
    )
  })

  test('is not seen in what is only sent', async () => {
    const plan = await read('config: {target: demo, phases: [{duration: 1, arrivalRate: 1}]}\nscenarios: [{flow: [{post: {url: /, json: {function: 1, processor: 2, beforeRequest: 3}}}]}]')
    expect(plan.flows).toHaveLength(1)
  })
})
