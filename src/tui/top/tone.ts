/** How something is meant; the palette has a colour for each at every depth of colour. */
export const TONES = [
  'plain', 'strong', 'label', 'faint', 'border', 'title', 'key', 'selected', 'cursor', 'ok', 'warn', 'fail', 'accent',
  // Shares: calm, busy, full. Curves of a kind have a tone of their own.
  'low', 'middle', 'high', 'user', 'system', 'iowait', 'steal', 'memory', 'read', 'write', 'receive', 'send', 'rest',
] as const
export type Tone = (typeof TONES)[number]

/** The tone of a share (0..1) that is better when low: calm below 0.6, full from 0.85. */
export function toneOfShare(share: number): Tone {
  return share >= 0.85 ? 'high' : share >= 0.6 ? 'middle' : 'low'
}
