import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MaintenanceWindow } from '../../src/health/check.ts'
import { activeWindow } from '../../src/health/maintenance.ts'
import { instantOf, wallOf } from '../../src/health/zone.ts'

const DISK = { name: 'disk', component: 'filesystem' }
const BERLIN = 'Europe/Berlin'
const window = (config: MaintenanceWindow['config'], holdsFor: readonly string[] = []): MaintenanceWindow => ({ config, name: 'night', holdsFor })
/** The end of the maintenance that is on, null where none is. */
const until = (config: MaintenanceWindow['config'], at: string, zone = 'UTC'): string | null => activeWindow([window(config)], DISK, new Date(at), zone)?.until.toISOString().replace('.000', '') ?? null

describe('a window of maintenance', () => {
  it.each([
    ['once, in the zone of the system', { from: '2026-11-22T02:00', to: '2026-11-22T04:00' }, '2026-11-22T01:00:00Z', BERLIN, '2026-11-22T03:00:00Z'],
    ['once, before', { from: '2026-11-22T02:00', to: '2026-11-22T04:00' }, '2026-11-22T00:59:59.999Z', BERLIN, null],
    ['once, at its end', { from: '2026-11-22T02:00', to: '2026-11-22T04:00' }, '2026-11-22T03:00:00Z', BERLIN, null],
    ['once, with its own zones', { from: '2026-11-22T02:00Z', to: '2026-11-22T04:00-05:00' }, '2026-11-22T08:59:59Z', BERLIN, '2026-11-22T09:00:00Z'],
    ['once, with a zone by name', { from: '2026-07-01T02:00', to: '2026-07-01T04:00', timezone: 'America/New_York' }, '2026-07-01T07:00:00Z', BERLIN, '2026-07-01T08:00:00Z'],
    ['once, over days', { from: '2026-11-22T02:00', to: '2026-11-25T04:00:30' }, '2026-11-24T00:00:00Z', 'UTC', '2026-11-25T04:00:30Z'],
    ['every day', { from: '02:00', to: '04:00' }, '2026-11-21T02:00:00Z', 'UTC', '2026-11-21T04:00:00Z'],
    ['every day, at its end', { from: '02:00', to: '04:00' }, '2026-11-21T04:00:00Z', 'UTC', null],
    ['every day, half an hour beside UTC', { from: '02:00', to: '04:00', timezone: 'Asia/Kolkata' }, '2026-11-20T20:30:00Z', 'UTC', '2026-11-20T22:30:00Z'],
    ['every day, with an offset', { from: '02:00+02:00', to: '04:00+02:00' }, '2026-11-21T00:00:00Z', BERLIN, '2026-11-21T02:00:00Z'],
    ['all day', { from: '00:00', to: '24:00' }, '2026-11-21T23:59:59Z', 'UTC', '2026-11-22T00:00:00Z'],
    ['all day, the other way', { from: '06:00', to: '06:00' }, '2026-11-21T05:59:59Z', 'UTC', '2026-11-21T06:00:00Z'],
    ['over midnight, the evening', { from: '22:00', to: '02:00', days: ['sat'] }, '2026-11-21T22:00:00Z', 'UTC', '2026-11-22T02:00:00Z'],
    ['over midnight, the morning belongs to the day before', { from: '22:00', to: '02:00', days: ['sat'] }, '2026-11-22T01:59:59Z', 'UTC', '2026-11-22T02:00:00Z'],
    ['over midnight, the morning of the day itself', { from: '22:00', to: '02:00', days: ['sat'] }, '2026-11-21T01:00:00Z', 'UTC', null],
    ['on a day of the zone, not of UTC', { from: '00:30', to: '01:30', days: ['sun'], timezone: 'Pacific/Auckland' }, '2026-11-21T11:45:00Z', 'UTC', '2026-11-21T12:30:00Z'],
    ['clocks put forward, through it', { from: '01:00', to: '04:00' }, '2026-03-29T00:30:00Z', BERLIN, '2026-03-29T02:00:00Z'],
    ['clocks put forward, begins in the hour left out', { from: '02:30', to: '04:00' }, '2026-03-29T01:00:00Z', BERLIN, '2026-03-29T02:00:00Z'],
    ['clocks put forward, ends in the hour left out', { from: '01:00', to: '02:30' }, '2026-03-29T01:00:00Z', BERLIN, null],
    ['clocks put forward, is the hour left out', { from: '02:00', to: '03:00' }, '2026-03-29T01:30:00Z', BERLIN, '2026-03-29T02:00:00Z'],
    ['clocks put back, the first time', { from: '02:00', to: '02:30' }, '2026-10-25T00:00:00Z', BERLIN, '2026-10-25T01:30:00Z'],
    ['clocks put back, the second time', { from: '02:00', to: '02:30' }, '2026-10-25T01:29:59Z', BERLIN, '2026-10-25T01:30:00Z'],
    ['clocks put back, afterwards', { from: '02:00', to: '02:30' }, '2026-10-25T01:30:00Z', BERLIN, null],
    ['clocks put back, the next day', { from: '02:00', to: '02:30' }, '2026-10-26T01:00:00Z', BERLIN, '2026-10-26T01:30:00Z'],
  ] satisfies [string, MaintenanceWindow['config'], string, string, string | null][])('%s', (_, config, at, zone, expected) => {
    expect(until(config, at, zone)).toBe(expected)
  })

  it('holds for checks and components it names, or for all', () => {
    const at = new Date('2026-11-21T03:00:00Z')
    const isOn = (...names: string[]): boolean => activeWindow([window({ from: '02:00', to: '04:00' }, names)], DISK, at, 'UTC') !== null
    expect([isOn(), isOn('disk'), isOn('filesystem'), isOn('redis'), isOn('redis', 'disk')]).toEqual([true, true, true, false, true])
  })

  it('lasts as long as the longest of several', () => {
    const several = [window({ from: '02:00', to: '04:00' }), { ...window({ from: '02:30', to: '05:00' }), name: 'long' }, window({ from: '03:00', to: '03:30' })]
    expect(activeWindow(several, DISK, new Date('2026-11-21T03:00:00Z'), 'UTC')).toEqual({ name: 'long', until: new Date('2026-11-21T05:00:00Z') })
  })
})

describe('the clock on the wall', () => {
  const zones = fc.constantFrom('UTC', BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', '+05:30', 'Z')
  const instants = fc.integer({ min: Date.UTC(2012, 0, 1) / 1_000, max: Date.UTC(2035, 0, 1) / 1_000 }).map((seconds) => seconds * 1_000)

  it('shows each instant, and the instant is one of those found again', () => {
    fc.assert(
      fc.property(zones, instants, (zone, instant) => {
        const wall = wallOf(instant, zone)
        expect([instantOf(wall, zone, 'first'), instantOf(wall, zone, 'last')]).toContain(instant)
      }),
    )
  })

  it('never shows the hour that is left out: the moment it is left out stands for it', () => {
    for (const which of ['first', 'last'] as const) expect(new Date(instantOf(Date.UTC(2026, 2, 29, 2, 17), BERLIN, which)).toISOString()).toBe('2026-03-29T01:00:00.000Z')
  })
})
