import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import type { ProcessSignal } from '../../../model/feed.ts'
import type { Program } from '../../../model/process.ts'
import { safeText } from './safe-text.ts'
import { Toned } from './toned.tsx'

/** The signals in the order `View.dialog.chosen` counts them. */
export const SIGNALS: readonly (readonly [ProcessSignal, string])[] = [
  ['SIGTERM', 'end, and clean up first'], ['SIGINT', 'interrupt, as Ctrl-C does'], ['SIGHUP', 'its terminal is gone; services read their configuration anew'], ['SIGKILL', 'end at once, nothing is saved'],
  ['SIGSTOP', 'stop'], ['SIGCONT', 'go on'], ['SIGUSR1', 'what the program makes of it'], ['SIGUSR2', 'what the program makes of it'],
]

/** Which signal a process gets; then, whether it is meant. */
export function SignalChooser({ program, chosen, confirmed, height }: { readonly program: Program | null; readonly chosen: number; readonly confirmed: boolean; readonly height: number }): ReactElement {
  if (program === null) return <Toned tone="warn">It is not among the processes of this moment.</Toned>
  const target = `${safeText(program.name, 40)} (${program.pid}, ${safeText(program.user, 20)})`
  if (confirmed) {
    return (
      <Box flexDirection="column">
        <Box height={1}><Text wrap="truncate">{`Send ${SIGNALS[chosen]?.[0] ?? 'SIGTERM'} to ${target}?`}</Text></Box>
        <Box height={1}><Toned tone="key">y</Toned><Text>{' sends it, any other key does not'}</Text></Box>
      </Box>
    )
  }
  const from = Math.max(0, Math.min(chosen - height + 3, SIGNALS.length - height + 2))
  return (
    <Box flexDirection="column">
      <Box height={1}><Text wrap="truncate">{`To ${target}:`}</Text></Box>
      {SIGNALS.slice(from, from + Math.max(1, height - 2)).map(([signal, means]) => (
        <Box key={signal} height={1}>
          <Box width={10} flexShrink={0}><Toned tone={SIGNALS[chosen]?.[0] === signal ? 'cursor' : 'plain'}>{signal}</Toned></Box>
          <Text wrap="truncate">{means}</Text>
        </Box>
      ))}
      <Box height={1}><Toned tone="faint">Up/Down choose, Enter on, Esc leave</Toned></Box>
    </Box>
  )
}
