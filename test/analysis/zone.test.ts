import { describe, expect, it } from 'vitest'
import { FIRST_ZONE, nextZone, zoneAt, type Utilisation, type Zone } from '../../src/analysis/zone.ts'

const LIMITS: Utilisation = { cpu: 0.7, memory: 0.8, redisMemory: 100e6 }
const NONE = Number.NaN
const use = (cpu: number, memory = NONE, redisMemory = NONE): Utilisation => ({ cpu, memory, redisMemory })

describe('the zone of a use', () => {
  it.each<[string, Utilisation, Zone]>([
    ['nothing known', use(NONE), 'green'], ['an idle processor', use(0.1, 0.2), 'green'], ['59.9 %', use(0.599), 'green'], ['60 %', use(0.6), 'yellow'], ['a processor over its limit', use(0.7), 'orange'],
    ['memory at 74 %', use(0.1, 0.74), 'yellow'], ['memory at 75 %', use(0.1, 0.75), 'orange'], ['memory at 85 %', use(0.1, 0.85), 'red'], ['the greater of both', use(0.95, 0.2), 'critical'],
    ['Redis over its limit', use(0.1, 0.1, 100e6), 'orange'], ['Redis below it', use(0.1, 0.1, 99e6), 'green'],
  ])('%s', (_, given, zone) => {
    expect(zoneAt(given, LIMITS)).toBe(zone)
  })

  it('is orange over a limit that was set lower, whatever the share', () => {
    expect(zoneAt(use(0.31), { ...LIMITS, cpu: 0.3 })).toBe('orange')
  })
})

/** Zones after looks five seconds apart. */
function zonesOf(...uses: readonly number[]): Zone[] {
  let state = FIRST_ZONE
  return uses.map((cpu, index) => (state = nextZone(state, use(cpu), LIMITS, index * 5_000)).zone)
}

describe('the zone a machine is in', () => {
  it('rises after ten seconds, not for a busy moment', () => {
    expect(zonesOf(0.1, 0.99, 0.1, 0.99, 0.99, 0.99)).toEqual(['green', 'green', 'green', 'green', 'green', 'critical'])
  })

  it('rises no further than what was in use all the time', () => {
    expect(zonesOf(0.65, 0.99, 0.99, 0.99, 0.99)).toEqual(['green', 'green', 'yellow', 'yellow', 'yellow'])
  })

  it('is left after half a minute well below, and does not flap around its beginning', () => {
    const rising = [0.99, 0.99, 0.99]
    expect(zonesOf(...rising, ...Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 0.94 : 0.91))).at(-1)).toBe('critical')
    const falling = zonesOf(...rising, ...Array.from({ length: 8 }, () => 0.1))
    expect(falling.slice(-3)).toEqual(['critical', 'green', 'green'])
  })

  it('stays where nothing is known', () => {
    expect(nextZone({ zone: 'red', towards: null }, use(NONE), LIMITS, 1e9).zone).toBe('red')
  })
})
