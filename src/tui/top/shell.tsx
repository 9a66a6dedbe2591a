import { render, useInput } from 'ink'
import { useLayoutEffect, type ReactElement } from 'react'
import type { Program } from '../../model/process.ts'
import { AlertLog } from './dialogs/alert-log.tsx'
import { FilterPrompt } from './dialogs/filter-prompt.tsx'
import { Help } from './dialogs/help.tsx'
import type { KeyHelp } from './dialogs/help-lines.ts'
import { ProcessDetails } from './dialogs/process-details.tsx'
import { SignalChooser, type SignalChoice } from './dialogs/signal-chooser.tsx'
import type { InkStreams } from './ink-streams.ts'
import type { Key } from './key.ts'
import { keyOf } from './keys.ts'
import type { Dialog } from './view.ts'

/** Lists that dialogs show. */
export interface DialogTexts {
  /** Every key and what it does, in the order of the help. */
  readonly keys: readonly KeyHelp[]
  /** The signals in the order `chosen` of their dialog counts them. */
  readonly signals: readonly SignalChoice[]
}

/** A dialog and what it is about; nothing of it changes with the ticks. */
export interface ShellContent {
  readonly dialog: Dialog
  /** The process it is about; null where it is about none, or about one that is gone. */
  readonly program: Program | null
  readonly startedText: string
  /** How many there are. */
  readonly alarms: number
  readonly texts: DialogTexts
  /** Cells there are. */
  readonly width: number
  readonly height: number
  readonly unicode: boolean
}

export interface Shell {
  /** Lays a dialog out, or none; its lines are in the streams afterwards. */
  show(content: ShellContent | null): void
  close(): void
}

export interface ShellListener {
  key(key: Key): void
  /** Ink is through: the program ends, or something in a dialog was thrown. */
  closed(error?: unknown): void
}

/** Gives the keyboard to Ink, and dialogs; everything else on the screen is painted beside it. */
export function openShell(streams: InkStreams, listener: ShellListener): Shell {
  const app = (content: ShellContent | null): ReactElement => <App streams={streams} listener={listener} content={content} />
  const ink = render(app(null), {
    stdout: streams.stdout,
    stdin: streams.stdin,
    // Every frame comes whole and at once, without cursor movements.
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  })
  ink.waitUntilExit().then(() => listener.closed(), (error: unknown) => listener.closed(error))
  return { show: (content) => ink.rerender(app(content)), close: () => ink.unmount() }
}

function App({ streams, listener, content }: { readonly streams: InkStreams; readonly listener: ShellListener; readonly content: ShellContent | null }): ReactElement | null {
  // Ink leaves its tree at the latest when the process ends, signals included that nobody else listens to.
  useLayoutEffect(() => () => listener.closed(), [listener])
  useInput((input, ink) => {
    const key = keyOf(input, ink, streams.typed)
    if (key) listener.key(key)
  })
  return content && dialogOf(content)
}

function dialogOf({ dialog, program, startedText, alarms, texts, width, height, unicode }: ShellContent): ReactElement {
  switch (dialog.kind) {
    case 'help': return <Help keys={texts.keys} offset={dialog.offset} width={width} height={height} unicode={unicode} />
    case 'filter': return <FilterPrompt text={dialog.text} error={dialog.error} width={width} height={height} />
    case 'details': return <ProcessDetails program={program} startedText={startedText} width={width} height={height} />
    case 'signal': return <SignalChooser signals={texts.signals} program={program} chosen={dialog.chosen} confirmed={dialog.confirmed} height={height} />
    case 'alerts': return <AlertLog alarms={alarms} width={width} height={height} />
  }
}
