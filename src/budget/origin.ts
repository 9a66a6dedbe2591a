import { isAbsolute, resolve } from 'node:path'
import type { Document, Path } from '../document.ts'
import type { Encoding } from '../model/budget.ts'
import type { Position } from '../model/error.ts'

/** Where a budget was written, and what it says for all of its lines. */
export interface Origin {
  /** The folder that globs are named from, absolute. */
  readonly root: string
  readonly encoding: Encoding
  /** Where something stands; undefined for a preset, which stands in no file. */
  at(path: Path, part?: 'value' | 'key'): Position | undefined
  /** Steps from the root of the document; undefined as above. */
  pathOf(path: readonly (string | number)[]): readonly (string | number)[] | undefined
}

/** A budget of a document, or below `base` in it. */
export function originIn(document: Document, base: readonly (string | number)[], parts: Pick<Origin, 'root' | 'encoding'>): Origin {
  return { ...parts, at: (path, part) => document.at([...base, ...path], part), pathOf: (path) => [...base, ...path] }
}

/** A budget that stands in no file. */
export function originOfPreset(root: string): Origin {
  return { root, encoding: { kind: 'raw' }, at: () => undefined, pathOf: () => undefined }
}

/** A budget whose sections stand elsewhere than in ours: `place` says where what our format has at a path is written. */
export function originElsewhere(origin: Origin, place: (path: Path) => Path): Origin {
  const moved = (path: Path): (string | number)[] => place(path).map((step) => (typeof step === 'number' ? step : String(step)))
  return { ...origin, at: (path, part) => origin.at(moved(path), part), pathOf: (path) => origin.pathOf(moved(path)) }
}

/** A folder that a file names. */
export function folderOf(folder: string, named: string | undefined): string {
  return named === undefined ? folder : isAbsolute(named) ? named : resolve(folder, named)
}
