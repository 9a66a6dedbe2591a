import { Box, Text } from 'ink'
import type { ReactElement, ReactNode } from 'react'
import type { Program } from '../../../model/process.ts'
import type { FigureName } from './figure-place.ts'
import { Figure } from './figure.tsx'
import { safeText } from './safe-text.ts'
import { Toned } from './toned.tsx'

const LABEL = 11
const HALF = 24
/** Cells from which on there is room for two figures in a line. */
const TWO = 2 * (LABEL + 12)
/** What changes from tick to tick, two a line. */
const FIGURE_ROWS: readonly (readonly (readonly [string, FigureName])[])[] = [
  [['state', 'state'], ['threads', 'threads']],
  [['cpu', 'cpu'], ['cpu time', 'cpuTime']],
  [['memory', 'memory'], ['resident', 'resident']],
  [['read', 'read'], ['write', 'write']],
]

/** All that is known of a process; what it is called and does not change goes through Ink, its figures are filled in with every frame. */
export function ProcessDetails({ program, startedText, width, height }: { readonly program: Program | null; readonly startedText: string; readonly width: number; readonly height: number }): ReactElement {
  if (program === null) return <Toned tone="warn">It is not among the processes of this moment.</Toned>
  const facts: readonly (readonly [string, string])[] = [
    ['name', `${safeText(program.name)}${program.isKernel ? '  (kernel)' : ''}`],
    ['user', `${safeText(program.user)}${Number.isNaN(program.uid) ? '' : ` (${program.uid})`}`],
    ['started', startedText],
    ...(program.container === null ? [] : [['container', safeText(program.container)] as const]),
  ]
  const half = Math.min(HALF, Math.max(1, Math.floor(width / (width < TWO ? 1 : 2)) - LABEL))
  const figures = width < TWO ? FIGURE_ROWS.flatMap((row) => row.map((each) => [each])) : FIGURE_ROWS
  const used = facts.length + figures.length + 2
  return (
    <Box flexDirection="column" width={width}>
      {facts.map(([label, value]) => <Fact key={label} label={label}><Text wrap="truncate">{value}</Text></Fact>)}
      <Fact label="parent"><Figure name="parent" width={width - LABEL} /></Fact>
      {figures.map((row) => (
        <Box key={row[0]?.[0]} height={1}>
          {row.map(([label, name]) => <Fact key={name} label={label}><Figure name={name} width={half} /></Fact>)}
        </Box>
      ))}
      <Fact label="minute"><Figure name="curve" width={Math.max(1, Math.min(60, width - LABEL - 12))} /><Figure name="scale" width={12} /></Fact>
      <Box height={Math.max(1, Math.min(height - used, Math.ceil(program.command.length / Math.max(1, width - LABEL)) + 1))} overflow="hidden">
        <Box width={Math.min(LABEL, width)} flexShrink={0}><Toned tone="label">command</Toned></Box>
        <Box width={Math.max(1, width - LABEL)}><Text wrap="wrap">{safeText(program.command)}</Text></Box>
      </Box>
    </Box>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <Box height={1} flexShrink={0}>
      <Box width={LABEL} flexShrink={0}><Toned tone="label">{label}</Toned></Box>
      {children}
    </Box>
  )
}
