import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layout, REGIONS, type Has, type Region } from '../../../src/tui/top/layout.ts'
import { PANES, type PaneName, type View } from '../../../src/tui/top/view.ts'

const ALL: Has = { cpu: 22, cores: 9, memory: 6, disk: 8, network: 6, pressure: 1, processes: 101 }
const view = (parts: Partial<Pick<View, 'zoomed' | 'hidden'>> = {}): Pick<View, 'zoomed' | 'hidden'> => ({ zoomed: null, hidden: new Set(), ...parts })
const heightOf = (places: ReturnType<typeof layout>, region: Region): number => places[region]?.height ?? 0

describe('the layout', () => {
  it('keeps the title, processors, memory and processes longest', () => {
    expect(Object.keys(layout(40, 6, view(), ALL))).toEqual(['header', 'cpu', 'memory', 'processes'])
    expect(Object.keys(layout(40, 2, view(), ALL))).toEqual(['header', 'cpu'])
  })

  it('divides a screen of 120x40 as it was drawn', () => {
    const places = layout(120, 40, view(), ALL)
    expect([heightOf(places, 'cpu'), heightOf(places, 'disk'), heightOf(places, 'pressure'), heightOf(places, 'processes')]).toEqual([11, 8, 3, 15])
    expect(places.cores).toEqual({ x: 80, y: 1, width: 40, height: 11 })
    expect(places.keys?.y).toBe(39)
  })

  it('gives the room of hidden panes to others', () => {
    const places = layout(120, 40, view({ hidden: new Set<PaneName>(['memory', 'disk', 'network']) }), ALL)
    expect(places.disk).toBeUndefined()
    expect(heightOf(places, 'processes')).toBeGreaterThan(20)
    expect(layout(120, 40, view({ hidden: new Set<PaneName>(['disk']) }), ALL).memory?.width).toBe(60)
  })

  it('leaves out what has nothing to show, and ignores a zoom into it', () => {
    const places = layout(120, 40, view({ zoomed: 'jobs' }), ALL)
    expect(places.jobs).toBeUndefined()
    expect(places.cpu).toBeDefined()
  })

  it('fills the body with a zoomed pane, and leaves processors in sight below their sum', () => {
    expect(layout(100, 30, view({ zoomed: 'disk' }), ALL).disk).toEqual({ x: 0, y: 1, width: 100, height: 27 })
    const { cpu, cores } = layout(100, 30, view({ zoomed: 'cpu' }), ALL)
    expect([cpu?.height, cores?.height]).toEqual([16, 11])
  })

  it('never lets two regions overlap nor one leave the screen', () => {
    const has = fc.record(Object.fromEntries(REGIONS.map((region) => [region, fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined })])))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 250 }), fc.integer({ min: 1, max: 80 }), has, fc.subarray([...PANES]), fc.option(fc.constantFrom(...PANES)), (width, height, wishes, hidden, zoomed) => {
        const known = Object.fromEntries(Object.entries(wishes).filter(([region, lines]) => lines !== undefined && !['header', 'time', 'keys'].includes(region)))
        const taken = new Uint8Array(width * height)
        for (const { x, y, width: wide, height: high } of Object.values(layout(width, height, view({ hidden: new Set(hidden), zoomed }), known))) {
          expect([x, y, wide, high].every((each) => Number.isInteger(each) && each >= 0)).toBe(true)
          expect(x + wide <= width && y + high <= height && high > 0).toBe(true)
          for (let row = y; row < y + high; row++) {
            for (let column = x; column < x + wide; column++) {
              const cell = row * width + column
              if (taken[cell] === 1) throw new Error(`two regions at ${column},${row}`)
              taken[cell] = 1
            }
          }
        }
      }),
      { numRuns: 400 },
    )
  })
})
