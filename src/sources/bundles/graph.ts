/** All that can be reached, each once, in the order it is met; what goes round in a circle ends. */
export function reach(start: string, next: (node: string) => readonly string[]): readonly string[] {
  const met = new Set([start])
  // A set that grows while it is walked is walked to its end.
  for (const node of met) for (const each of next(node)) met.add(each)
  return [...met]
}
