import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import { safeText } from './safe-text.ts'
import { Toned } from './toned.tsx'

const EXAMPLES: readonly (readonly [expression: string, means: string])[] = [
  ['node', 'the command has "node" in it'],
  ['cpu>0.3 or user:root', 'busy, or of root'],
  ['mem>=5% and not name:/^post/', 'large, but no postgres'],
]

/** The prompt of a filter, with what is wrong with it so far. */
export function FilterPrompt({ text, error, height }: { readonly text: string; readonly error: string | null; readonly height: number }): ReactElement {
  return (
    <Box flexDirection="column">
      <Box height={1}>
        <Toned tone="key">{'/ '}</Toned>
        <Text wrap="truncate-start">{safeText(text)}</Text>
        <Toned tone="cursor">{' '}</Toned>
      </Box>
      <Box height={1}>
        {error === null ? <Toned tone="faint">Enter filter, Esc leave it as it was</Toned> : <Toned tone="fail">{safeText(error)}</Toned>}
      </Box>
      {height > 5 && EXAMPLES.map(([expression, means]) => (
        <Box key={expression} height={1}>
          <Box width={32} flexShrink={0}>
            <Toned tone="label">{expression}</Toned>
          </Box>
          <Text wrap="truncate">{means}</Text>
        </Box>
      ))}
    </Box>
  )
}
