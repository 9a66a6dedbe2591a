import type { Document, Path } from '../../document.ts'

type Map = Readonly<Record<PropertyKey, unknown>>

/** Whether a value is a map: neither a list nor a single value. */
export function isMap(value: unknown): value is Map {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** One document laid over another: maps merge, everything else is replaced (Artillery's rule for overrides). */
export function overlay(base: Document, layer: Document): Document {
  return {
    file: base.file,
    value: merge(base.value, layer.value),
    at: (path, part) => (belongsTo(layer.value, base.value, path) ? layer : base).at(path, part),
  }
}

/** A value that came from elsewhere than a file, such as a flag: every place in it is its name. */
export function pseudoDocument(name: string, value: unknown): Document {
  return { file: name, value, at: () => ({ file: name, line: 1, column: 1 }) }
}

function merge(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) return above
  const keys = new Set([...Object.keys(below), ...Object.keys(above)])
  return Object.fromEntries([...keys].map((key) => [key, !Object.hasOwn(above, key) ? below[key] : !Object.hasOwn(below, key) ? above[key] : merge(below[key], above[key])]))
}

/** Whether what stands at `path` came with the layer; for what is missing, whether the map it is missing from did. */
function belongsTo(layer: unknown, base: unknown, path: Path): boolean {
  let above = layer
  let below = base
  for (const step of path) {
    if (!isMap(above)) return true
    if (!isMap(below)) return true
    if (!Object.hasOwn(above, step)) return false
    above = above[step]
    below = Object.hasOwn(below, step) ? below[step] : undefined
  }
  return !isMap(above) || below === undefined
}
