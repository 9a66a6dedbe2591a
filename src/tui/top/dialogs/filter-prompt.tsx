import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import { safeText } from './safe-text.ts'
import { Toned } from './toned.tsx'

const EXAMPLES: readonly (readonly [expression: string, means: string])[] = [
  ['node', 'it has "node" in its name, command or user'],
  ['cpu>0.3 or user:root', 'more than 0.3 % of a core, or of root'],
  ['mem>200M and not name:postgres', 'large, but no postgres'],
  ['name~^(node|nginx)$', 'a pattern'],
]
/** Cells from which on there is room for what the examples mean. */
const ROOMY = 60

/** The prompt of a filter, with what is wrong with it so far. */
export function FilterPrompt({ text, error, width, height }: { readonly text: string; readonly error: string | null; readonly width: number; readonly height: number }): ReactElement {
  return (
    <Box flexDirection="column">
      <Box height={1}>
        <Toned tone="key">{'/ '}</Toned>
        <Text wrap="truncate-start">{safeText(text)}</Text>
        <Toned tone="cursor">{' '}</Toned>
      </Box>
      <Box height={1}>
        {error === null ? <Toned tone="faint">Enter filters, Esc leaves it as it was</Toned> : <Toned tone="fail">{safeText(error)}</Toned>}
      </Box>
      {height > EXAMPLES.length + 2 && EXAMPLES.map(([expression, means]) => (
        <Box key={expression} height={1}>
          <Box width={Math.min(34, width)} flexShrink={0}>
            <Toned tone="label">{expression}</Toned>
          </Box>
          {width > ROOMY && <Text wrap="truncate">{means}</Text>}
        </Box>
      ))}
    </Box>
  )
}
