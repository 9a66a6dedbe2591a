/**
 * Chances adjusted for having looked at all of them: at least one of many true "nothing changed" is called a change with no more than the chance alpha. In the order given; at most 1.
 * Source: S. Holm, Scand. J. Statistics 6 (1979).
 */
export function holm(chances: readonly number[]): number[] {
  const order = chances.map((_, index) => index).sort((a, b) => chances[a]! - chances[b]!)
  const adjusted = new Array<number>(chances.length).fill(1)
  let least = 0
  order.forEach((index, place) => {
    least = Math.max(least, Math.min(1, (chances.length - place) * chances[index]!))
    adjusted[index] = least
  })
  return adjusted
}
