import { Box, Text } from 'ink'
import type { ReactElement, ReactNode } from 'react'
import type { Program } from '../../../model/process.ts'
import { cellWidth } from '../../cells.ts'
import type { FigureName } from './figure-place.ts'
import { Figure } from './figure.tsx'
import { safeText } from './safe-text.ts'
import { Toned } from './toned.tsx'

/** Cells of a label, and of one where there is little room. */
const LABEL = { wide: 11, narrow: 9 } as const
const HALF = 24
/** Cells from which on labels are wide. */
const ROOMY = 46
/** Lines of the command that other lines make way for. */
const COMMAND = 2
/** What changes from tick to tick, two a line; a line of a higher rank goes sooner where there is little room. */
const FIGURE_ROWS: readonly { readonly rank: number; readonly figures: readonly (readonly [string, FigureName])[] }[] = [
  { rank: 4, figures: [['state', 'state'], ['threads', 'threads']] },
  { rank: 2, figures: [['cpu', 'cpu'], ['cpu time', 'cpuTime']] },
  { rank: 3, figures: [['memory', 'memory'], ['resident', 'resident']] },
  { rank: 6, figures: [['read', 'read'], ['write', 'write']] },
]

/** All that is known of a process; what it is called and does not change goes through Ink, its figures are filled in with every frame. */
export function ProcessDetails({ program, startedText, width, height }: { readonly program: Program | null; readonly startedText: string; readonly width: number; readonly height: number }): ReactElement {
  if (program === null) return <Toned tone="warn">It is not among the processes of this moment.</Toned>
  const label = width < ROOMY ? LABEL.narrow : LABEL.wide
  const half = Math.min(HALF, Math.max(1, Math.floor(width / 2) - label))
  const command = safeText(program.command)
  const commandLines = Math.ceil(cellWidth(command) / Math.max(1, width - label)) + (command.includes(' ') ? 1 : 0)
  const fact = (name: string, rank: number, value: string): { readonly rank: number; readonly line: ReactElement } => ({ rank, line: <Fact key={name} label={name} width={label}><Text wrap="truncate">{value}</Text></Fact> })
  const all = [
    fact('name', 0, `${safeText(program.name)}${program.isKernel ? '  (kernel)' : ''}`),
    fact('user', 5, `${safeText(program.user)}${Number.isNaN(program.uid) ? '' : ` (${program.uid})`}`),
    fact('started', 7, startedText),
    ...(program.container === null ? [] : [fact('container', 9, safeText(program.container))]),
    { rank: 8, line: <Fact key="parent" label="parent" width={label}><Figure name="parent" width={Math.max(1, width - label)} /></Fact> },
    ...FIGURE_ROWS.map(({ rank, figures }) => ({
      rank,
      line: <Box key={rank} height={1}>{figures.map(([name, of]) => <Fact key={of} label={name} width={label}><Figure name={of} width={half} /></Fact>)}</Box>,
    })),
    { rank: 10, line: <Fact key="minute" label="minute" width={label}><Figure name="curve" width={Math.max(1, Math.min(60, width - label - 12))} /><Figure name="scale" width={12} /></Fact> },
  ]
  const room = Math.max(1, height - Math.min(COMMAND, Math.max(1, commandLines)))
  const last = all.map(({ rank }) => rank).sort((a, b) => a - b)[room - 1] ?? Number.POSITIVE_INFINITY
  const shown = all.filter(({ rank }) => rank <= last)
  return (
    <Box flexDirection="column" width={width}>
      {shown.map(({ line }) => line)}
      <Box height={Math.max(1, Math.min(height - shown.length, commandLines))} overflow="hidden">
        <Box width={Math.min(label, width)} flexShrink={0}><Toned tone="label">command</Toned></Box>
        <Box width={Math.max(1, width - label)}><Text wrap="wrap">{command}</Text></Box>
      </Box>
    </Box>
  )
}

function Fact({ label, width, children }: { readonly label: string; readonly width: number; readonly children: ReactNode }): ReactElement {
  return (
    <Box height={1} flexShrink={0}>
      <Box width={width} flexShrink={0}><Toned tone="label">{label}</Toned></Box>
      {children}
    </Box>
  )
}
