import type { Moment } from '../../../analysis/moment.ts'
import type { Screen } from '../screen.ts'
import type { Surface } from '../surface.ts'

/** Fills a surface with what a moment says of one thing; it has a border of its own where there is room for one. */
export type Painter = (surface: Surface, screen: Screen, moment: Moment) => void
