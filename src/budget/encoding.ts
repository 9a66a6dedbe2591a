import type { EncodingKeys } from '../budget-schema/bundles.ts'
import type { Encoding } from '../model/budget.ts'

const BEST_GZIP = 9
const BEST_BROTLI = 11

/** The way sizes are counted as it is written; undefined where nothing is. */
export function encodingOf(written: EncodingKeys | 'raw' | 'gzip' | 'brotli' | undefined): Encoding | undefined {
  const { raw, gzip, brotli }: EncodingKeys = typeof written === 'string' ? { [written]: true } : (written ?? {})
  if (gzip !== undefined) return { kind: 'gzip', level: gzip === true ? BEST_GZIP : gzip }
  if (brotli !== undefined) return { kind: 'brotli', quality: brotli === true ? BEST_BROTLI : brotli }
  return raw === true ? { kind: 'raw' } : undefined
}

/** The encoder and its level: the same script differs by a third. */
export function showEncoding(encoding: Encoding): string {
  switch (encoding.kind) {
    case 'raw': return 'raw'
    case 'gzip': return `gzip -${encoding.level}`
    case 'brotli': return `brotli ${encoding.quality}`
  }
}
