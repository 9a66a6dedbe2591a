import { describe, expect, it } from 'vitest'
import { chooseRuns } from '../../src/baselines/choose.ts'
import { digestOf, type KeptBaseline } from '../../src/baselines/kept-baseline.ts'
import type { Measurements } from '../../src/model/measurements.ts'
import { kept, result } from './kept.ts'

const on = (measured: Measurements, name: string | null = null): KeptBaseline => ({ path: `/${measured.file}`, at: measured.takenAt ?? 0, surroundings: measured.surroundings, facts: kept(measured, { name }).facts })
const choose = (runs: readonly KeptBaseline[], head = result(100), name: string | null = null): { files: string[]; passedOver: readonly string[] } => {
  const { runs: found, passedOver } = chooseRuns(runs, { format: head.format, surroundings: head.surroundings, name, digests: new Set([digestOf(head)]) })
  return { files: found.map(({ facts }) => facts.source.file), passedOver }
}

describe('the runs to compare with', () => {
  it('are those of the same tool, plan, name and environment', () => {
    const runs = [on(result(1)), on(result(2, { surroundings: { cpu: 'Xeon' } })), on(result(3, { surroundings: { plan: 'def' } })), on(result(4, { format: 'oha' })), on(result(5), 'checkout'), on(result(6))]
    const { files, passedOver } = choose(runs)
    expect(files).toEqual(['run-1.json', 'run-6.json'])
    expect([...passedOver].sort()).toEqual(['1 run measured otherwise (the load plan differs: def, then abc)', '1 run measured otherwise (the processor differs: Xeon, then Ryzen 5)', '2 runs of something else (oha, named "checkout")'])
  })

  it('are never the runs that are compared', () => {
    expect(choose([on(result(100))])).toEqual({ files: [], passedOver: ['1 run that is compared here: nothing is compared with itself'] })
  })

  it('are each taken once, though two have saved the same one at the same time', () => {
    expect(choose([on(result(1)), on(result(1)), on(result(2))])).toEqual({ files: ['run-1.json', 'run-2.json'], passedOver: [] })
  })

  it('where none was measured alike, are the newest of the same tool, so that it can be said what differs', () => {
    expect(choose([on(result(1, { surroundings: { cpu: 'Xeon' } })), on(result(2, { surroundings: { cpu: 'EPYC' } }))]).files).toEqual(['run-2.json'])
    expect(choose([on(result(1, { surroundings: { plan: 'def' } }))]).files).toEqual(['run-1.json'])
    expect(choose([on(result(1, { format: 'oha' }))]).files).toEqual([])
  })

  it('of two environments that would both do are those of the very same one', () => {
    const runs = [on(result(1)), on(result(2, { surroundings: { cpu: null } }))]
    expect(choose(runs).files).toEqual(['run-1.json'])
    expect(choose(runs, result(100, { surroundings: { cpu: null } })).files).toEqual(['run-2.json'])
  })

  it('go by name', () => {
    const runs = [on(result(1)), on(result(2), 'checkout')]
    expect(choose(runs, result(100), 'checkout').files).toEqual(['run-2.json'])
    expect(choose(runs, result(100), 'search')).toEqual({ files: [], passedOver: ['2 runs of something else (without a name, named "checkout")'] })
  })
})
