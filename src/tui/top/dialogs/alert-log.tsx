import { Box } from 'ink'
import type { ReactElement } from 'react'
import { Figure } from './figure.tsx'
import { Toned } from './toned.tsx'

/** Places for as many alerts as there is room for. */
export function AlertLog({ width, height }: { readonly width: number; readonly height: number }): ReactElement {
  return (
    <Box flexDirection="column">
      {Array.from({ length: Math.max(1, height - 1) }, (_, row) => <Figure key={row} name="alarm" width={width} />)}
      <Toned tone="faint">Up/Down scroll, Esc close</Toned>
    </Box>
  )
}
