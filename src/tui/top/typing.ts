/** What was typed, cut into single keys. */
export interface Typing {
  /** Takes text as it came from the terminal. */
  push(text: string): void
  /** Forgets what has not been completed. */
  close(): void
}

/** How long an ESC waits for the rest of its sequence: over a slow line the two may come apart. */
export const ESCAPE_MS = 30
/** How long a sequence that has clearly begun may take. */
const SEQUENCE_MS = 500

/** The Escape key, said in a way nothing can follow by accident (https://sw.kovidgoyal.net/kitty/keyboard-protocol). */
const ESCAPE_KEY = '\x1b[27u'

/** A whole sequence: CSI, SS3, the Linux console's function keys, or an ESC before a character (Alt). */
const WHOLE = /^\x1b(?:\[\[[A-E]|\[[0-?]*[ -/]*[@-~]|O[0-9;]*[@-~]|[^[O\x1b])/u
const BEGUN = /^\x1b(?:\[\[?[0-?]*[ -/]*|O[0-9;]*)?$/
/** The sequences that are keys here, or the mouse (SGR 1006); Ink falls over some of the others (Ctrl with F1). */
const KNOWN = /^\x1b(?:O[A-DFHa-d]|\[(?:1;[1-8])?[A-DFH]|\[[a-dZ]|\[[1345678](?:;[1-8])?[~^$]|\[<\d{1,4};\d{1,5};\d{1,5}[Mm]|\[27u)$/
/** What a terminal sends for the mouse that does not know SGR 1006: three characters follow. */
const OLD_MOUSE = '\x1b[M'

/** What stands around a text that is pasted (DEC private mode 2004). */
const PASTE = { begin: '\x1b[200~', end: '\x1b[201~' } as const

/**
 * Cuts what is typed into characters and sequences, and hands on those that mean something here; an ESC alone is one only after `ESCAPE_MS`.
 * Of what is pasted only characters get through, and those only where `takesText`: a text has no keys in it that somebody meant.
 */
export function createTyping(key: (sequence: string) => void, takesText: () => boolean = () => true): Typing {
  let rest = ''
  let isPasted = false
  let timer: NodeJS.Timeout | undefined

  const cut = (): void => {
    while (rest !== '') {
      if (rest[0] !== '\x1b') {
        const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
        rest = rest.slice(character.length)
        if (!isPasted || (character >= ' ' && takesText())) key(character)
        continue
      }
      const whole = WHOLE.exec(rest)?.[0]
      if (whole === OLD_MOUSE) {
        if (rest.length < 6) return
        rest = rest.slice(6)
      } else if (whole !== undefined) {
        rest = rest.slice(whole.length)
        if (whole === PASTE.begin || whole === PASTE.end) isPasted = whole === PASTE.begin
        else if (KNOWN.test(whole) && !isPasted) key(whole)
      } else if (BEGUN.test(rest)) return
      else if (rest.startsWith('\x1b\x1b')) {
        // Alt with a key that has a sequence, as rxvt says it: the key. Two ESC alone: the first is one for certain.
        const next = rest.slice(1)
        rest = next
        if (!/^\x1b[[O]/.test(next)) key(ESCAPE_KEY)
      } else rest = rest.slice(rest.startsWith('\x1b[') || rest.startsWith('\x1bO') ? 2 : 1)
    }
  }
  const late = (): void => {
    timer = undefined
    const isEscape = rest === '\x1b'
    rest = ''
    // An end that does not come must not make the keyboard deaf.
    isPasted = false
    if (isEscape) key(ESCAPE_KEY)
  }

  return {
    push: (text) => {
      clearTimeout(timer)
      timer = undefined
      rest += text
      cut()
      if (rest !== '' || isPasted) timer = setTimeout(late, rest === '\x1b' ? ESCAPE_MS : SEQUENCE_MS)
    },
    close: () => {
      clearTimeout(timer)
      rest = ''
    },
  }
}
