import type { Rectangle } from './surface.ts'
import type { PaneName, View } from './view.ts'

/** What a picture is made of, from top to bottom and from left to right. */
export const REGIONS = ['header', 'cpu', 'cores', 'memory', 'disk', 'network', 'api', 'database', 'cache', 'jobs', 'pressure', 'processes', 'time', 'keys'] as const
export type Region = (typeof REGIONS)[number]

/** How many lines each region could fill; one that is not named has nothing to show. */
export type Has = Readonly<Partial<Record<Region, number>>>

/** Where each region is; one that has no room or nothing to show is not there. */
export type Layout = Readonly<Partial<Record<Region, Rectangle>>>

interface Band {
  readonly name: Region
  readonly members: readonly { readonly region: Region; readonly weight: number; readonly least: number }[]
}

const one = (region: Region, weight = 1, least = 0): Band['members'][number] => ({ region, weight, least })
const alone = (name: Region): Band => ({ name, members: [one(name)] })

const CPU: Band = { name: 'cpu', members: [one('cpu', 2), one('cores', 1, 30)] }
const MIDDLE: Band = { name: 'memory', members: [one('memory'), one('disk'), one('network')] }
const WIDE: readonly Band[] = [CPU, MIDDLE, { name: 'api', members: [one('api', 2), one('database', 1.3), one('cache'), one('jobs', 1.2)] }, alone('pressure'), alone('processes')]
const MEDIUM: readonly Band[] = [CPU, MIDDLE, { name: 'api', members: [one('api'), one('database')] }, { name: 'cache', members: [one('cache'), one('jobs')] }, alone('pressure'), alone('processes')]
const NARROW: readonly Band[] = REGIONS.filter((region) => region !== 'header' && region !== 'time' && region !== 'keys').map(alone)

type Step = readonly [band: Region, height: number]

/** Which band grows to which height, in this order, as long as there is room: what comes first is missed most. A band of one or two lines has no border. */
const STEPS: readonly Step[] = [
  ['cpu', 1], ['memory', 1], ['api', 1], ['processes', 3], ['keys', 1], ['cache', 1], ['processes', 6], ['time', 1], ['cpu', 5], ['memory', 5], ['processes', 7], ['api', 5], ['pressure', 1], ['cpu', 6], ['memory', 6],
  ['processes', 9], ['cpu', 8], ['cache', 5], ['api', 7], ['memory', 7], ['processes', 11], ['pressure', 3], ['memory', 8], ['cpu', 11], ['processes', 15], ['api', 9], ['memory', 10], ['cpu', 13], ['cache', 7],
  ['processes', 20], ['memory', 12], ['api', 12], ['cpu', 16], ['processes', 30], ['memory', 14], ['cpu', 20],
]
const NARROW_STEPS: readonly Step[] = [
  ['cpu', 1], ['memory', 1], ['api', 1], ['processes', 3], ['keys', 1], ['disk', 1], ['network', 1], ['database', 1], ['processes', 6], ['cache', 1], ['jobs', 1], ['time', 1], ['pressure', 1], ['cpu', 6], ['processes', 9],
  ['memory', 6], ['disk', 6], ['network', 6], ['api', 6], ['processes', 12], ['cores', 7], ['database', 6], ['jobs', 5], ['cache', 5], ['cpu', 9], ['processes', 20], ['memory', 8], ['disk', 8], ['network', 8], ['cores', 12],
]
/** A band that grows at last gets a border, and room for something in it, at once. */
const BOXED = 5
/** Below this width panes stand above each other. */
const SIDE_BY_SIDE = 64
/** From this width on, the panes of an application stand in one row. */
const FOUR_ABREAST = 100

/** Divides a screen among the regions: whole lines and columns, nothing over anything else. Width and height are in cells. */
export function layout(width: number, height: number, view: Pick<View, 'zoomed' | 'hidden'>, has: Has): Layout {
  if (width < 1 || height < 1) return {}
  const shown = (region: Region): boolean => has[region] !== undefined && !view.hidden.has(paneOf(region))
  if (view.zoomed && has[view.zoomed] !== undefined) return zoomed(width, height, view.zoomed, has)
  const all = width >= FOUR_ABREAST ? WIDE : width >= SIDE_BY_SIDE ? MEDIUM : NARROW
  const bands = all.map((band) => ({ ...band, members: band.members.filter(({ region }) => shown(region)) })).filter(({ members }) => members.length > 0)
  return stack(width, height, bands, heightsOf(height - 1, bands, has, width >= SIDE_BY_SIDE ? STEPS : NARROW_STEPS))
}

/** The pane whose keys a region follows. */
function paneOf(region: Region): PaneName {
  // Regions without a pane of that name are never among the hidden ones.
  return region === 'cores' ? 'cpu' : (region as PaneName)
}

/** Most lines a band can fill, borders included. */
function mostOf({ members }: Band, has: Has): number {
  return Math.max(...members.map(({ region }) => has[region] ?? 0)) + 2
}

function heightsOf(height: number, bands: readonly Band[], has: Has, steps: readonly Step[]): Map<Region, number> {
  const most = new Map<Region, number>(bands.map((band) => [band.name, mostOf(band, has)]))
  most.set('keys', 1).set('time', 1)
  const heights = new Map<Region, number>()
  let room = height
  const grow = (name: Region, to: number): void => {
    const now = heights.get(name) ?? 0
    if (to <= now || to - now > room) return
    heights.set(name, to)
    room -= to - now
  }
  // A band may be named after a region that has nothing to show: its name stands for those beside it.
  for (const [name, to] of steps) if (most.has(name)) grow(name, to < 3 ? to : Math.min(to, most.get(name) ?? 0))

  const receivers = [...bands].reverse().filter(({ name }) => name !== 'pressure')
  for (const { name } of receivers.filter(({ name }) => name === 'processes')) grow(name, Math.min(most.get(name) ?? 0, (heights.get(name) ?? 0) + room))
  for (let before = -1; room > 0 && before !== room; ) {
    before = room
    for (const { name } of receivers) {
      const now = heights.get(name) ?? 0
      if (now < (most.get(name) ?? 0)) grow(name, Math.max(BOXED, now + 1))
    }
  }
  const last = receivers.find(({ name }) => (heights.get(name) ?? 0) >= 3) ?? receivers[0] ?? bands[0]
  if (last) grow(last.name, (heights.get(last.name) ?? 0) + room)
  return heights
}

function stack(width: number, height: number, bands: readonly Band[], heights: ReadonlyMap<Region, number>): Layout {
  const placed: Partial<Record<Region, Rectangle>> = { header: { x: 0, y: 0, width, height: 1 } }
  let y = 1
  for (const { name, members } of bands) {
    const high = heights.get(name) ?? 0
    if (high === 0) continue
    const weight = members.reduce((sum, member) => sum + member.weight, 0)
    let x = 0
    let left = weight
    for (const member of members) {
      const isLast = member === members.at(-1)
      // From left to right each takes its share of what is left, so the parts fill the whole width.
      const others = members.slice(members.indexOf(member) + 1).reduce((sum, { least }) => sum + least, 0)
      const share = isLast ? width - x : Math.min(Math.round(((width - x) * member.weight) / left), width - x - others)
      placed[member.region] = { x, y, width: share, height: high }
      x += share
      left -= member.weight
    }
    y += high
  }
  // Whatever is above them, these two stand at the foot.
  let foot = height
  for (const name of ['keys', 'time'] as const) if (heights.has(name)) placed[name] = { x: 0, y: --foot, width, height: 1 }
  return placed
}

/** All processors below each other, or half of them, with the border and the line of the load, where they are too many. */
function coresHeight(wanted: number, most: number): number {
  return wanted <= most ? wanted : Math.min(most, Math.ceil((wanted - 3) / 2) + 3)
}

/** One pane fills the body; the processors stand below their sum. */
function zoomed(width: number, height: number, pane: PaneName, has: Has): Layout {
  const keys = height >= 4 ? 1 : 0
  const time = height >= 8 ? 1 : 0
  const body = height - 1 - keys - time
  const header = { x: 0, y: 0, width, height: 1 }
  const cores = pane === 'cpu' && has.cores !== undefined && body >= 10 ? Math.max(BOXED, coresHeight(has.cores + 2, Math.floor(body * 0.6))) : 0
  return {
    header,
    ...(body > 0 && { [pane]: { x: 0, y: 1, width, height: body - cores } }),
    ...(cores > 0 && { cores: { x: 0, y: 1 + body - cores, width, height: cores } }),
    ...(time > 0 && { time: { x: 0, y: height - 2, width, height: 1 } }),
    ...(keys > 0 && { keys: { x: 0, y: height - 1, width, height: 1 } }),
  }
}
