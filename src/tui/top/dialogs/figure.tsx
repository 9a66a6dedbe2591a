import { Text } from 'ink'
import type { ReactElement } from 'react'
import { figurePlace, type FigureName } from './figure-place.ts'

/** Keeps `width` cells for a figure. */
export function Figure({ name, width }: { readonly name: FigureName; readonly width: number }): ReactElement {
  return <Text>{figurePlace(name, width)}</Text>
}
