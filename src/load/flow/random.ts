/** A stream of random numbers that is the same for the same seed. */
export interface Random {
  /** At least 0, below 1. */
  next(): number
  /** A whole number of 32 bits, >= 0. */
  bits(): number
  /** A whole number, at least `least` and at most `most`. */
  between(least: number, most: number): number
}

/** A generator for `seed`: sfc32, by Chris Doty-Humphrey (PractRand); fast and good enough for test data, not for secrets. */
export function createRandom(seed: number | string): Random {
  // FNV-1a spreads the seed's text over the state; twelve rounds mix it.
  let hash = 0x811c9dc5
  for (const character of String(seed)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  let a = hash | 0
  let b = Math.imul(hash, 0x9e3779b1) | 0
  let c = (hash ^ 0x5bf03635) | 0
  let counter = 1

  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum | 0
    return sum >>> 0
  }
  const next = (): number => bits() / 0x1_0000_0000
  const between = (least: number, most: number): number => {
    const span = most - least + 1
    const share = span <= 0x1_0000_0000 ? next() : (bits() * 0x20_0000 + (bits() >>> 11)) / 2 ** 53
    return least + Math.floor(share * span)
  }

  for (let round = 0; round < 12; round++) bits()
  return { next, bits, between }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const hex = (bits: number): string => `${HEX[bits >>> 24]}${HEX[(bits >>> 16) & 255]}${HEX[(bits >>> 8) & 255]}${HEX[bits & 255]}`

/** A UUID of version 4 (RFC 9562 5.4) from the stream. */
export function randomUuid(random: Random): string {
  const second = hex((random.bits() & 0xffff0fff) | 0x4000)
  const third = hex((random.bits() & 0x3fffffff) | 0x80000000)
  return `${hex(random.bits())}-${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}${hex(random.bits())}`
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Letters and digits from the stream. */
export function randomText(random: Random, length: number): string {
  let text = ''
  for (let index = 0; index < length; index++) text += LETTERS[random.between(0, LETTERS.length - 1)] ?? ''
  return text
}
