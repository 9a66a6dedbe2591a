import { Text, Transform } from 'ink'
import type { ReactElement } from 'react'
import { TONES, type Tone } from '../tone.ts'

/** Text with a tone, on its way through Ink: written as one of 256 colours, whose number is that of the tone. */
export function Toned({ tone, children }: { readonly tone: Tone; readonly children: string }): ReactElement {
  return (
    <Transform transform={(text) => `\x1b[38;5;${TONES.indexOf(tone)}m${text}\x1b[39m`}>
      <Text>{children}</Text>
    </Transform>
  )
}
