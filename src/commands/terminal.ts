import type { Host } from '../host.ts'
import type { ProgressView } from '../model/progress.ts'

/** Whether a stream shows colours: flags before the environment, the environment before what it is. */
export function wantsColor(host: Host, global: { readonly color?: boolean | undefined }, configured: boolean | undefined): (sink: { readonly isTerminal: boolean }) => boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = host.env
  // Commander turns --no-color into color=false.
  if (global.color === false || (NO_COLOR !== undefined && NO_COLOR !== '')) return () => false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return () => FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return (sink) => sink.isTerminal && TERM !== 'dumb' && configured !== false
}

/** Whether characters beyond ASCII can be shown. */
export function wantsUnicode(host: Host): boolean {
  const { LC_ALL, LC_CTYPE, LANG, TERM } = host.env
  const locale = LC_ALL || LC_CTYPE || LANG
  return TERM !== 'linux' && TERM !== 'dumb' && (locale === undefined || /utf-?8/i.test(locale))
}

/** Opens the view of a bounded run: in place on a terminal, one line after the other elsewhere. */
export async function openProgress(host: Host, quiet: boolean, color: boolean): Promise<ProgressView> {
  if (quiet) return { show: () => undefined, note: () => undefined, close: async () => undefined }
  const options = { sink: host.stderr, now: () => host.now(), color, unicode: wantsUnicode(host) }
  if (host.stderr.isTerminal && host.env['TERM'] !== 'dumb') {
    const { openLiveView } = await import('../tui/live.tsx')
    return openLiveView(options)
  }
  const { openLineView } = await import('../tui/lines.ts')
  return openLineView(options)
}
