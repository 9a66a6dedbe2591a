/** Numbers that are the same for the same seed, at least 0 and below 1. */
export type RandomStream = () => number

/**
 * A stream for a seed of 32 bits: xoshiro128**, its state filled by splitmix32; for shuffles and simulations, not for secrets.
 * Source: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021).
 */
export function randomStream(seed: number): RandomStream {
  let counter = seed | 0
  const split = (): number => {
    counter = (counter + 0x9e3779b9) | 0
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
  let [a, b, c, d] = [split(), split(), split(), split()]
  const rotate = (bits: number, by: number): number => (bits << by) | (bits >>> (32 - by))

  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result / 0x1_0000_0000
  }
}

/** Puts values into a random order, in place (Fisher and Yates; Knuth, TAOCP 3.4.2 P). */
export function shuffle<T extends number[] | Int32Array | Float64Array>(values: T, random: RandomStream): T {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const kept = values[last]!
    values[last] = values[other]!
    values[other] = kept
  }
  return values
}
