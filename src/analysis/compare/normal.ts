const SQRT_2PI = Math.sqrt(2 * Math.PI)
/** Up to here the series is exact to a few units in the last place; beyond, the continued fraction is. */
const SERIES_TO = 2.5

/**
 * The chance that a standard normal value exceeds `z`; above 0 up to z = 38, with a relative error below 1e-12.
 * Source: series by G. Marsaglia, J. Stat. Software 11(4) (2004); the tail by Laplace's continued fraction (Abramowitz and Stegun 26.2.14).
 */
export function normalTail(z: number): number {
  if (z < -SERIES_TO) return 1 - normalTail(-z)
  const density = Math.exp(-z * z / 2) / SQRT_2PI
  if (z > SERIES_TO) {
    let fraction = z
    for (let step = 120; step >= 1; step--) fraction = z + step / fraction
    return density / fraction
  }
  let [term, sum] = [z, z]
  for (let odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return 0.5 - density * sum
}

/** The value that a standard normal exceeds with the chance `tail`, in (0, 1): 1.96 for 0.025. */
export function normalQuantile(tail: number): number {
  let [low, high] = [-40, 40]
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2
    if (normalTail(middle) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}
