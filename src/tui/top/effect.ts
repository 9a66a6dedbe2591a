import type { ProcessSignal } from '../../model/feed.ts'

/** What a key asks for beyond another picture. */
export type Effect =
  | { readonly kind: 'quit' }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'save' }
  | { readonly kind: 'signal'; readonly pid: number; readonly startedAt: number; readonly signal: ProcessSignal }
  | { readonly kind: 'interval'; readonly ms: number }
  /** Plays faster, or with -1 slower. */
  | { readonly kind: 'speed'; readonly direction: 1 | -1 }
