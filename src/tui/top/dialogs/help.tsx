import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import { Toned } from './toned.tsx'

/** Keys and what they do. */
export interface KeyHelp {
  readonly keys: readonly string[]
  readonly about: string
}

const KEY = 15
/** Cells of the narrowest column. */
const COLUMN = 30

/** The keys in one column, or in as many as it takes to have room for all. */
export function Help({ keys, width, height, unicode }: { readonly keys: readonly KeyHelp[]; readonly width: number; readonly height: number; readonly unicode: boolean }): ReactElement {
  const columns = Math.max(1, Math.min(Math.ceil(keys.length / height), Math.floor(width / COLUMN)))
  const rows = Math.max(1, Math.min(height, Math.ceil(keys.length / columns)))
  return (
    <Box width={width}>
      {Array.from({ length: columns }, (_, column) => (
        <Box key={column} flexDirection="column" width={Math.floor(width / columns)} paddingRight={column + 1 < columns ? 1 : 0}>
          {keys.slice(column * rows, (column + 1) * rows).map((help) => (
            <Box key={help.about} height={1}>
              <Box width={KEY} flexShrink={0}>
                <Toned tone="key">{help.keys.map((key) => (unicode ? key : (ARROWS[key] ?? key))).join(' ')}</Toned>
              </Box>
              <Text wrap="truncate">{help.about}</Text>
            </Box>
          ))}
        </Box>
      ))}
    </Box>
  )
}

const ARROWS: Readonly<Record<string, string>> = { '←': 'Left', '→': 'Right', '↑': 'Up', '↓': 'Down' }
