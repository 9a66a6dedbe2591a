import type { Moment } from '../../analysis/moment.ts'
import { layout, type Has, type Layout, type Region } from './layout.ts'
import { apiLines, paintApi } from './panes/api.ts'
import { cacheLines, paintCache } from './panes/cache.ts'
import { coreLines, paintCores } from './panes/cores.ts'
import { paintCpu } from './panes/cpu.ts'
import { databaseLines, paintDatabase } from './panes/database.ts'
import { diskLines, paintDisk } from './panes/disk.ts'
import { paintHeader } from './panes/header.ts'
import { jobLines, paintJobs } from './panes/jobs.ts'
import { paintKeys } from './panes/keys.ts'
import { memoryLines, paintMemory } from './panes/memory.ts'
import { networkLines, paintNetwork } from './panes/network.ts'
import type { Painter } from './panes/painter.ts'
import { paintPressure, pressureLines } from './panes/pressure.ts'
import { paintProcesses, processLines } from './panes/processes.ts'
import { paintTime } from './panes/time.ts'
import { widthOfText } from './painting/fit.ts'
import { briefly } from './painting/times.ts'
import { wrap } from './painting/wrap.ts'
import { plain } from '../../model/text.ts'
import type { Screen } from './screen.ts'
import type { Surface } from './surface.ts'

const PAINTERS: Readonly<Partial<Record<Region, Painter>>> = {
  cpu: paintCpu, cores: paintCores, memory: paintMemory, disk: paintDisk, network: paintNetwork, api: paintApi, database: paintDatabase, cache: paintCache, jobs: paintJobs,
  pressure: paintPressure, processes: paintProcesses, time: paintTime,
}
/** The chart of the processors is as high as there is room, but never most of a tall screen. */
const CPU_LINES = 22

/** What a moment has to show, and how many lines of it. */
export function contents(moment: Moment, screen: Pick<Screen, 'facts' | 'alarms'>): Has {
  const lines: Partial<Record<Region, number | undefined>> = {
    cpu: ['cpu.usage' as const, 'cpu.cores' as const].every((metric) => Number.isNaN(moment.value(metric))) ? undefined : CPU_LINES,
    cores: coreLines(moment), memory: memoryLines(moment), disk: diskLines(moment, screen.facts), network: networkLines(moment),
    api: apiLines(moment), database: databaseLines(moment), cache: cacheLines(moment), jobs: jobLines(moment), pressure: pressureLines(moment, screen), processes: processLines(moment),
  }
  const has: Partial<Record<Region, number>> = {}
  for (const [region, count] of Object.entries(lines) as [Region, number | undefined][]) if (count !== undefined) has[region] = count
  return has
}

/** Where everything of a screen is. */
export function arrange(width: number, height: number, screen: Screen): Layout {
  return layout(width, height, screen.view, screen.moment ? contents(screen.moment, screen) : {})
}

/** Paints everything but dialogs. The same screen gives the same picture, and nothing but the surface is touched. */
export function paintTop(surface: Surface, screen: Screen, places = arrange(surface.width, surface.height, screen)): void {
  const { moment } = screen
  if (places.header) paintHeader(surface.part(places.header), screen, places.pressure === undefined)
  if (moment) {
    for (const [region, place] of Object.entries(places) as [Region, NonNullable<Layout[Region]>][]) PAINTERS[region]?.(surface.part(place), screen, moment)
  } else if (surface.height > 2) paintWaiting(surface, screen)
  if (places.keys) paintKeys(surface.part(places.keys), screen)
}

/** Before the first look there is only what the feed says of itself. */
function paintWaiting(surface: Surface, { feed, now }: Screen): void {
  const { state } = feed
  const text = state.kind === 'lost' || state.kind === 'ended' ? (state.reason.includes(feed.name) ? state.reason : `${feed.name}: ${state.reason}`) : state.kind === 'connecting' ? `connecting to ${feed.name} ...` : 'waiting for the first look ...'
  const again = state.kind === 'lost' && state.retryAt !== null && state.retryAt > now ? `again in ${briefly(Math.max(1_000, state.retryAt - now))}` : ''
  const lines = [...wrap(plain(text, 600), Math.min(90, surface.width - 2)), ...(again === '' ? [] : [again])].slice(0, surface.height - 2)
  const top = 1 + Math.floor((surface.height - 1 - lines.length) / 2)
  for (const [index, line] of lines.entries()) surface.put(Math.max(1, Math.floor((surface.width - widthOfText(line)) / 2)), top + index, line, state.kind === 'lost' || state.kind === 'ended' ? 'fail' : 'label')
}
