import { Box } from 'ink'
import type { ReactElement } from 'react'
import { Figure } from './figure.tsx'
import { Toned } from './toned.tsx'

/** Places for the alerts, as many as there is room for. */
export function AlertLog({ alarms, width, height }: { readonly alarms: number; readonly width: number; readonly height: number }): ReactElement {
  return (
    <Box flexDirection="column">
      {Array.from({ length: Math.max(1, Math.min(alarms, height - 1)) }, (_, row) => <Figure key={row} name="alarm" width={width} />)}
      <Toned tone="faint">Up/Down scroll, Esc close</Toned>
    </Box>
  )
}
