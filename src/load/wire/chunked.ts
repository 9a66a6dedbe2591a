import type { Fault } from './head.ts'

/** Where a chunked body (RFC 9112 7.1) stands. */
export interface ChunkState {
  part: 'size' | 'padding' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailer' | 'trailer-text' | 'trailer-lf' | 'last-lf' | 'end'
  /** Of the chunk being read: its size while the size is read, then the bytes still to come. */
  left: number
  digits: number
  /** Bytes of extensions and trailers so far: they cost memory nowhere, but must end some day. */
  extra: number
}

const LF = 10
const CR = 13

/** A chunked body of which nothing has been read. */
export function newChunkState(): ChunkState {
  return { part: 'size', left: 0, digits: 0, extra: 0 }
}

/** Prepares the state for the next chunked body. */
export function clearChunkState(state: ChunkState): void {
  state.part = 'size'
  state.left = state.digits = state.extra = 0
}

/**
 * Reads the framing of a chunked body from `at` on and stops at the first byte of data (`part` is then `data`), at the end
 * of the body (`end`) or of the bytes. Returns where it stopped, or the fault.
 */
export function readChunkFraming(state: ChunkState, bytes: Uint8Array, at: number, to: number, maxExtra: number): number | Fault {
  while (at < to && state.part !== 'data' && state.part !== 'end') {
    const byte = bytes[at] ?? 0
    at++
    switch (state.part) {
      case 'size': {
        const digit = hexDigit(byte)
        if (digit >= 0) {
          // 13 hex digits are 52 bits: the most a number holds exactly.
          if (++state.digits > 13) return 'chunk'
          state.left = state.left * 16 + digit
          break
        }
        if (state.digits === 0) return 'chunk'
        state.part = 'padding'
        at--
        break
      }
      case 'padding':
        if (byte === CR) state.part = 'size-lf'
        else if (byte === 59) state.part = 'extension'
        else if (byte !== 32 && byte !== 9) return 'chunk'
        else if (++state.extra > maxExtra) return 'head-too-large'
        break
      case 'extension':
        if (byte === CR) state.part = 'size-lf'
        else if (byte < 32 && byte !== 9) return 'chunk'
        else if (++state.extra > maxExtra) return 'head-too-large'
        break
      case 'size-lf':
        if (byte !== LF) return 'chunk'
        state.part = state.left === 0 ? 'trailer' : 'data'
        break
      case 'data-cr':
        if (byte !== CR) return 'chunk'
        state.part = 'data-lf'
        break
      case 'data-lf':
        if (byte !== LF) return 'chunk'
        state.part = 'size'
        state.left = state.digits = 0
        break
      case 'trailer':
        if (byte === LF) state.part = 'end'
        else if (byte === CR) state.part = 'last-lf'
        else if (byte < 32 && byte !== 9) return 'chunk'
        else state.part = 'trailer-text'
        break
      case 'trailer-text':
        if (byte === LF) state.part = 'trailer'
        else if (byte === CR) state.part = 'trailer-lf'
        else if (byte < 32 && byte !== 9) return 'chunk'
        else if (++state.extra > maxExtra) return 'head-too-large'
        break
      case 'trailer-lf':
        if (byte !== LF) return 'chunk'
        state.part = 'trailer'
        break
      case 'last-lf':
        if (byte !== LF) return 'chunk'
        state.part = 'end'
        break
    }
  }
  return at
}

/** Notes that `count` bytes of the chunk's data have been taken. */
export function takeChunkData(state: ChunkState, count: number): void {
  state.left -= count
  if (state.left === 0) state.part = 'data-cr'
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
