import { describe, expect, it } from 'vitest'
import { joinSide } from '../../../src/sources/artifacts/join-side.ts'
import { readMeasurements } from '../../../src/sources/artifacts/read-measurements.ts'
import { fixture, lines, read } from './figures.ts'

describe('several files of one side', () => {
  it('are its samples, in the order in which they were measured', async () => {
    const [first, second, third] = await Promise.all([read('lighthouse-1.json'), read('lighthouse-2.json'), read('lighthouse-3.json')])
    const side = joinSide([third, first, second])
    expect(lines(side)).toContain('total-blocking-time / = 457 420.77435 396.5 ms ↓ sampled')
    expect(side).toMatchObject({ file: 'lighthouse-1.json, lighthouse-2.json, lighthouse-3.json', format: 'lighthouse', takenAt: first.takenAt, surroundings: { tool: 'Lighthouse 12.8.2' } })
  })

  it('keep the events of their shares', async () => {
    const one = await read('k6-summary-export.json')
    expect(lines(joinSide([one, one]))).toContain('http.failed rate = 0.025 0.025 ratio ↓ rate of 2/80 2/80')
  })

  it('that tell no time keep the order they were given in', async () => {
    const text = await fixture('wrk.txt')
    const [one, two] = await Promise.all([readMeasurements('b', text), readMeasurements('a', text.replace('11129.28', '5.00'))])
    expect(lines(joinSide([one, two]))).toContain('http.requests rate = 11129.28 5 per_second ↑ sampled')
  })

  it('have NaN where one lacks a figure, and say so', async () => {
    const [with_, without] = await Promise.all([read('wrk.txt'), readMeasurements('short.txt', (await fixture('wrk.txt')).replace(/ {2}Latency Distribution[^]*?(?= {2}\d+ requests)/, ''))])
    const side = joinSide([with_, without])
    expect(lines(side)).toContain('http.duration p(99) = 4.4 NaN ms ↓ sampled')
    expect(side.notes.join('\n')).toContain('some are missing in short.txt')
  })

  it('of different tools, or different plans, are an error', async () => {
    const [wrk, ab, errors] = await Promise.all([read('wrk.txt'), read('ab.txt'), fixture('wrk-errors.txt')])
    expect(() => joinSide([wrk, ab])).toThrow('the files of one side have different formats: wrk.txt (wrk) and ab.txt (ab)')
    const other = await readMeasurements('other.txt', errors.replace('2 connections', '9 connections'))
    expect(() => joinSide([wrk, other])).toThrow('different plans: wrk.txt (1 threads and 2 connections) and other.txt (1 threads and 9 connections)')
    expect(() => joinSide([])).toThrow('has no files')
  })

  it('of different units are an error', async () => {
    const [bytes, ms] = await Promise.all([readMeasurements('a', '{"metric":"x","unit":"B","values":[1]}'), readMeasurements('b', '{"metric":"x","unit":"ms","values":[1]}')])
    expect(() => joinSide([bytes, ms])).toThrow('x has different units')
  })

  it('from different machines are equal to none of them', async () => {
    const run = JSON.parse(await fixture('medianest-run.json'))
    const one = await readMeasurements('a', JSON.stringify(run))
    const two = await readMeasurements('b', JSON.stringify({ ...run, environment: { ...run.environment, cpu: 'Other CPU', cores: 8 } }))
    const side = joinSide([one, two])
    expect(side.surroundings).toMatchObject({ cpu: 'Example CPU @ 2.10GHz | Other CPU', cores: null })
    expect(side.notes.join('\n')).toContain('they differ in cpu, cores')
  })

  it('one alone is itself', async () => {
    const one = await read('ab.txt')
    expect(joinSide([one])).toBe(one)
  })
})
