import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import { helpColumns, KEY_CELLS, lastHelpOffset, type HelpLine, type KeyHelp } from './help-lines.ts'
import { Toned } from './toned.tsx'

/** The keys and what they do, from a line on where there is no room for all. */
export function Help({ keys, offset, width, height, unicode }: { readonly keys: readonly KeyHelp[]; readonly offset: number; readonly width: number; readonly height: number; readonly unicode: boolean }): ReactElement {
  const columns = helpColumns(keys, width, height)
  const last = lastHelpOffset(keys, width, height)
  const from = Math.min(offset, last)
  const shown = last > 0 ? Math.max(1, height - 1) : height
  return (
    <Box flexDirection="column" width={width}>
      <Box width={width}>
        {columns.map((lines, column) => (
          <Box key={column} flexDirection="column" width={Math.floor(width / columns.length)}>
            {lines.slice(from, from + shown).map((line, row) => <Line key={row} line={line} unicode={unicode} />)}
          </Box>
        ))}
      </Box>
      {last > 0 && height > 1 && <Toned tone="faint">{markOf(from, last, unicode)}</Toned>}
    </Box>
  )
}

function Line({ line: { keys, about }, unicode }: { readonly line: HelpLine; readonly unicode: boolean }): ReactElement {
  const text = keys.map((key) => (unicode ? key : (ARROWS[key] ?? key))).join(' ')
  return (
    <Box height={1}>
      {(keys.length > 0 || !about.startsWith(' ')) && <Box width={KEY_CELLS} flexShrink={0}><Toned tone="key">{text}</Toned></Box>}
      <Text wrap="truncate">{about}</Text>
    </Box>
  )
}

function markOf(from: number, last: number, unicode: boolean): string {
  const [up, down] = unicode ? ['↑', '↓'] : ['^', 'v']
  return `${from < last ? `more ${down}` : `more ${up}`}  Up/Down scroll, Esc close`
}

const ARROWS: Readonly<Record<string, string>> = { '←': 'Left', '→': 'Right', '↑': 'Up', '↓': 'Down' }
