import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import { Toned } from './toned.tsx'

/** Every key and what it does, the most useful first. */
export const HELP: readonly (readonly [key: string, does: string])[] = [
  ['q', 'quit'], ['Space', 'freeze, keep collecting'], ['← →', 'back and forth in time'], ['Shift ←→', 'ten times as far'], ['End', 'back to live'], ['/', 'filter processes'],
  ['Esc', 'clear filter, close'], ['Enter', 'details of a process'], ['k', 'send a signal'], ['↑ ↓', 'select a process'], ['PgUp PgDn', 'a page'], ['g G', 'first, last process'],
  ['s S', 'sort by next, reverse'], ['c m i p', 'sort CPU MEM IO PID'], ['t', 'as a tree'], ['z', 'zoom a pane'], ['1-5', 'show, hide panes'], ['n d', 'next interface, disk'],
  ['+ -', 'faster, slower ticks'], ['Tab', 'next instance'], ['Shift Tab', 'instance before'], ['a', 'alerts'], ['w', 'save this moment'], ['Ctrl-L', 'draw anew'], ['Ctrl-Z', 'suspend'], ['Ctrl-C', 'quit'],
]

const KEY = 10
const CELL = 34

/** The keys in as many columns as there is room for. */
export function Help({ width, height, unicode }: { readonly width: number; readonly height: number; readonly unicode: boolean }): ReactElement {
  const columns = Math.max(1, Math.floor(width / CELL))
  const rows = Math.max(1, Math.min(height, Math.ceil(HELP.length / columns)))
  const shown = HELP.slice(0, rows * columns)
  const room = Math.floor(width / columns)
  return (
    <Box width={width}>
      {Array.from({ length: columns }, (_, column) => (
        <Box key={column} flexDirection="column" width={room}>
          {shown.slice(column * rows, (column + 1) * rows).map(([key, does]) => (
            <Box key={key} height={1}>
              <Box width={KEY} flexShrink={0}>
                <Toned tone="key">{unicode ? key : spell(key)}</Toned>
              </Box>
              <Text wrap="truncate">{does}</Text>
            </Box>
          ))}
        </Box>
      ))}
    </Box>
  )
}

function spell(key: string): string {
  return key.replace('← →', 'Lt Rt').replace('←→', '+arrow').replace('↑ ↓', 'Up Down')
}
