import type { Host } from '../../host.ts'

/** The whole terminal, taken over until it is given back. */
export interface Terminal {
  readonly columns: number
  readonly rows: number
  /** False while the terminal still takes earlier frames: one that came now would only wait. */
  readonly isReady: boolean
  /** Writes a frame; ignored while the terminal is not ours. */
  write(frame: string): void
  /** Gives the terminal back and stops the job, as Ctrl-Z does; takes it again when the job goes on. */
  suspend(): void
  /** Gives the terminal back; safe twice. */
  close(): void
}

export interface TerminalListener {
  /** The size is another, or the job goes on after a stop: everything has to be drawn anew. */
  redraw(): void
  /** A terminal that was full takes frames again. */
  ready(): void
  /** What was typed. */
  input(text: string): void
  /** Somebody wants an end (`SIGINT`, `SIGTERM`, `SIGHUP`), or the terminal is `gone`; it has been given back. */
  ended(reason: string): void
}

// DEC private modes: 1049 is the alternate screen, 25 the cursor, 7 wraps long lines, 2004 marks what is pasted, 1000 reports buttons and the wheel, 1006 as text.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[m\x1b[H\x1b[J'
const MOUSE_ON = '\x1b[?1000h\x1b[?1006h'
const MOUSE_OFF = '\x1b[?1006l\x1b[?1000l'
/** A frame that was cut off is ended first. What has no alternate screen (the Linux console) is left empty. */
const LEAVE = '\x1b[?2026l\x1b[?2004l\x1b[m\x1b[H\x1b[J\x1b[?1049l\x1b[?7h\x1b[?25h'
/** How long a stop may take to happen. A job nobody could continue is not stopped by the system, and goes on by itself. */
const STOP_MS = 100

/** Takes the terminal over. However the program ends (SIGKILL excepted), the terminal is given back exactly once. */
export function openTerminal(host: Pick<Host, 'stdout' | 'stdin' | 'interrupts' | 'onSignal' | 'onExit' | 'kill'>, options: { readonly mouse: boolean }, listener: TerminalListener): Terminal {
  const { stdout, stdin } = host
  let isOurs = false
  let isClosed = false

  const enter = (): void => {
    if (isOurs || isClosed) return
    isOurs = true
    setRaw(true)
    stdout.writeNow(ENTER + (options.mouse ? MOUSE_ON : ''))
  }
  const leave = (): void => {
    if (!isOurs) return
    isOurs = false
    stdout.writeNow((options.mouse ? MOUSE_OFF : '') + LEAVE)
    setRaw(false)
  }
  const setRaw = (raw: boolean): void => {
    if (stdin.isTerminal) stdin.stream.setRawMode(raw)
  }

  const close = (): void => {
    if (isClosed) return
    leave()
    isClosed = true
    clearTimeout(stopping)
    for (const undo of undos) undo()
    stdin.stream.pause()
  }
  const end = (reason: string): void => {
    if (isClosed) return
    close()
    listener.ended(reason)
  }

  let stopping: NodeJS.Timeout | undefined
  const suspend = (): void => {
    if (isClosed || !isOurs) return
    leave()
    // While nobody listens the signal does what it does by itself.
    stopListening()
    host.kill(0, 'SIGTSTP')
    stopping = setTimeout(resume, STOP_MS)
  }
  const resume = (): void => {
    if (isClosed) return
    clearTimeout(stopping)
    stopListening()
    stopListening = host.onSignal('SIGTSTP', suspend)
    // A shell gives a job that goes on the modes it likes, whether we left first or were stopped by force.
    if (isOurs) setRaw(false)
    isOurs = false
    enter()
    listener.redraw()
  }
  let stopListening = host.onSignal('SIGTSTP', suspend)

  const { drain } = host.interrupts
  const interrupted = (): void => end(String(drain.reason))
  const stopHangUp = host.onSignal('SIGHUP', () => end('SIGHUP'))
  // Not at once: whoever hears the signal after us must not find itself alone with it, and end the process.
  const hangUp = (): void => void setImmediate(stopHangUp)
  const undos = [
    () => stopListening(),
    host.onSignal('SIGCONT', resume),
    hangUp,
    // An exception nobody catches ends the process too, and its stack is printed after this.
    host.onExit(close),
    on(stdout.stream, 'resize', () => void (isOurs && listener.redraw())),
    on(stdout.stream, 'drain', () => void (isOurs && listener.ready())),
    listenForEnd(stdout.stream, () => end('gone')),
    ...(stdin.isTerminal ? [listenForEnd(stdin.stream, () => end('gone')), on(stdin.stream, 'end', () => end('gone')), on(stdin.stream, 'data', (text) => listener.input(String(text)))] : []),
  ]
  drain.addEventListener('abort', interrupted)
  undos.push(() => drain.removeEventListener('abort', interrupted))

  if (stdin.isTerminal) stdin.stream.setEncoding('utf8').resume()
  enter()
  if (drain.aborted) queueMicrotask(interrupted)

  return {
    get columns() {
      return stdout.columns
    },
    get rows() {
      return stdout.rows
    },
    get isReady() {
      return isOurs && !stdout.stream.writableNeedDrain
    },
    write: (frame) => {
      if (isOurs && frame !== '') void stdout.write(frame)
    },
    suspend,
    close,
  }
}

function on(stream: NodeJS.ReadStream | NodeJS.WriteStream, event: string, listener: (value: unknown) => void): () => void {
  stream.on(event, listener)
  return () => void stream.off(event, listener)
}

/** An error of a terminal's stream means that it hung up; later ones are of no interest, but must not be without a listener. */
function listenForEnd(stream: NodeJS.ReadStream | NodeJS.WriteStream, gone: () => void): () => void {
  let isOver = false
  stream.on('error', () => {
    if (!isOver) gone()
  })
  return () => {
    isOver = true
  }
}
