import { createCellGrid, type CellGrid } from './cell-grid.ts'
import { createFrameWriter, type FrameWriter } from './frame-writer.ts'
import type { Palette } from './palette.ts'
import type { Surface } from './surface.ts'

/** A picture in cells, and what is needed to make a terminal show it. */
export interface CellScreen {
  /** Where to paint: whole, from the upper left; valid until the next `resize`. */
  readonly surface: Surface
  /** Everything blank, before a picture is painted anew. */
  clear(): void
  /** What makes the terminal show the picture, in one synchronized write; empty when it does already. What is returned must be written. */
  frame(): string
  /** The terminal may show anything now: the next frame is whole. */
  invalidate(): void
  /** Takes on another size (cells, at least 1 by 1); the next frame is whole. */
  resize(width: number, height: number): void
}

/** Opens a blank screen. The last cell of the last row is never written: some terminals scroll then. */
export function createCellScreen(width: number, height: number, options: { readonly palette: Palette; readonly unicode: boolean }): CellScreen {
  let grid: CellGrid
  let writer: FrameWriter
  const resize = (columns: number, rows: number): void => {
    grid = createCellGrid(Math.max(1, columns), Math.max(1, rows), options.palette, options.unicode)
    writer = createFrameWriter(grid, options.palette)
  }
  resize(width, height)
  return {
    get surface() {
      return grid
    },
    clear: () => grid.clear(),
    frame: () => writer.frame(),
    invalidate: () => writer.invalidate(),
    resize,
  }
}
