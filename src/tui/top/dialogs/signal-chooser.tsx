import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import type { ProcessSignal } from '../../../model/feed.ts'
import type { Program } from '../../../model/process.ts'
import { safeText } from './safe-text.ts'
import { Toned } from './toned.tsx'

/** A signal and what it does. */
export interface SignalChoice {
  readonly signal: ProcessSignal
  readonly about: string
}

/** Which signal a process gets; then, whether it is meant. */
export function SignalChooser({ signals, program, chosen, confirmed, height }: { readonly signals: readonly SignalChoice[]; readonly program: Program | null; readonly chosen: number; readonly confirmed: boolean; readonly height: number }): ReactElement {
  if (program === null) return <Toned tone="warn">It is not among the processes of this moment.</Toned>
  const target = `${safeText(program.name, 40)} (${program.pid}, ${safeText(program.user, 20)})`
  if (confirmed) {
    return (
      <Box flexDirection="column">
        <Box height={1}><Text wrap="truncate">{`Send ${signals[chosen]?.signal ?? 'nothing'} to ${target}?`}</Text></Box>
        <Box height={1}><Toned tone="key">y</Toned><Text>{' sends it, n goes back, Esc leaves'}</Text></Box>
      </Box>
    )
  }
  const from = Math.max(0, Math.min(chosen - height + 3, signals.length - height + 2))
  return (
    <Box flexDirection="column">
      <Box height={1}><Text wrap="truncate">{`To ${target}:`}</Text></Box>
      {signals.slice(from, from + Math.max(1, height - 2)).map(({ signal, about }) => (
        <Box key={signal} height={1}>
          <Box width={10} flexShrink={0}><Toned tone={signals[chosen]?.signal === signal ? 'cursor' : 'plain'}>{signal}</Toned></Box>
          <Text wrap="truncate">{about}</Text>
        </Box>
      ))}
      <Box height={1}><Toned tone="faint">Up/Down choose, Enter on, Esc leave</Toned></Box>
    </Box>
  )
}
