import type { Document, Path } from '../../document.ts'
import type { Position } from '../../model/error.ts'

/** A value's place in a document: its name in words and its line, for mistakes that only show after the schema. */
export interface Spot {
  /** `config.phases[0].duration`; empty for the whole document. */
  readonly name: string
  readonly file: string
  where(): Position
  /** Where the key of this value stands. */
  keyWhere(): Position
  at(...steps: PropertyKey[]): Spot
}

/** The spot of a path in a document. */
export function spotOf(document: Document, path: Path = []): Spot {
  return {
    name: path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`)).join(''),
    file: document.file,
    where: () => document.at(path),
    keyWhere: () => document.at(path, 'key'),
    at: (...steps) => spotOf(document, [...path, ...steps]),
  }
}
