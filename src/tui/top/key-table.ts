/** One line of the help: keys, what they do, and the heading it stands under. */
export interface KeyHelp {
  readonly keys: readonly string[]
  readonly about: string
  readonly group: 'Time' | 'Processes' | 'Panes' | 'Program'
}

/** All keys, in the order of the help and the documentation. */
export const KEYS: readonly KeyHelp[] = [
  { group: 'Time', keys: ['Space'], about: 'freeze the picture, or go live again' },
  { group: 'Time', keys: ['←', '→'], about: 'a tick back or on; with Shift ten' },
  { group: 'Time', keys: ['Home'], about: 'the oldest tick' },
  { group: 'Time', keys: ['End'], about: 'live' },
  { group: 'Time', keys: ['+', '-'], about: 'look less or more often; plays a recording faster or slower' },
  { group: 'Processes', keys: ['↑', '↓', 'PgUp', 'PgDn'], about: 'select a row; so do the mouse and its wheel' },
  { group: 'Processes', keys: ['g', 'G'], about: 'the first or the last row' },
  { group: 'Processes', keys: ['/'], about: 'filter; nothing and Enter ends it' },
  { group: 'Processes', keys: ['s', 'S'], about: 'sort by the next column, or the other way round' },
  { group: 'Processes', keys: ['c', 'm', 'i', 'p'], about: 'sort by CPU, memory, I/O or pid' },
  { group: 'Processes', keys: ['t'], about: 'as a tree or a list' },
  { group: 'Processes', keys: ['Enter'], about: 'details of the selected process' },
  { group: 'Processes', keys: ['k'], about: 'send it a signal; asks first, only on this machine' },
  { group: 'Panes', keys: ['1', '2', '3', '4', '5'], about: 'choose a pane; again: away or back (6 to 9: of an instance)' },
  { group: 'Panes', keys: ['z'], about: 'let the chosen pane fill the screen, and back' },
  { group: 'Panes', keys: ['n', 'd'], about: 'the next interface or disk first' },
  { group: 'Panes', keys: ['a'], about: 'the log of alerts' },
  { group: 'Program', keys: ['Tab', 'Shift-Tab'], about: 'the next instance or the one before' },
  { group: 'Program', keys: ['w'], about: 'save what is known as a recording' },
  { group: 'Program', keys: ['Esc'], about: 'close; then end the filter, the zoom and the selection, in this order' },
  { group: 'Program', keys: ['?'], about: 'this help' },
  { group: 'Program', keys: ['q', 'Ctrl-C'], about: 'quit; q closes a dialog first' },
  { group: 'Program', keys: ['Ctrl-L', 'Ctrl-Z'], about: 'draw everything again, or go to the background' },
]
