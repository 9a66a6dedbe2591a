import { WEB_METRICS, type WebMetricName } from '../../model/web-metrics.ts'

const LONG_NAMES: Readonly<Record<WebMetricName, readonly string[]>> = {
  'web.lcp': ['largest contentful paint'], 'web.fid': ['first input delay'], 'web.inp': ['interaction to next paint'], 'web.cls': ['cumulative layout shift'], 'web.fcp': ['first contentful paint'],
  'web.ttfb': ['time to first byte'], 'web.tti': ['time to interactive'], 'web.load': ['page load', 'load event', 'load event end', 'window load'],
  'web.media.load': ['media load', 'image load', 'video load', 'audio load'],
}
const NAMES: ReadonlyMap<string, WebMetricName> = new Map((Object.keys(LONG_NAMES) as WebMetricName[]).flatMap((name) => [...LONG_NAMES[name], ...WEB_METRICS[name].aliases].map((each) => [wordOf(each), name] as const)))

/** Parts of a navigation, none of which is the whole of it (W3C, Navigation Timing Level 2), and how they are spelt. */
const PHASES = {
  redirect: [], unload: [], worker: [], cache: ['appcache'], dns: ['dnslookup', 'domainlookup'], tcp: ['connect', 'connection', 'tcpconnect'], tls: ['ssl', 'secureconnection'], fetch: [], request: [],
  response: ['download'], dom: ['processing', 'domloading', 'domprocessing'], 'dom-interactive': ['dominteractive'], 'dom-content-loaded': ['domcontentloaded', 'domready'], 'dom-complete': ['domcomplete'], 'first-paint': ['firstpaint', 'fp'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** A part of a navigation. */
export type NavigationPhase = keyof typeof PHASES

const PHASE_NAMES: ReadonlyMap<string, NavigationPhase> = new Map((Object.keys(PHASES) as NavigationPhase[]).flatMap((phase) => [phase, ...PHASES[phase]].map((each) => [each, phase] as const)))

/** What a bare `load` is the load of the page in: any other component has only loaded itself. */
const WHOLE = new Set(['', 'page', 'document', 'window', 'app', 'route', 'navigation'])
/** Types that leave it to the component to say what was measured. */
const NEUTRAL = new Set(['', 'timing', 'timings', 'performance'])

/** Which metric of the catalogue a measurement of a browser is: the type says it, else the component, else both together (`media`, `load`); undefined for none. */
export function webMetricOf(type: string, component: string): WebMetricName | undefined {
  const [own, other] = [wordOf(type), wordOf(component)]
  const named = NAMES.get(own) ?? NAMES.get(other) ?? NAMES.get(wordOf(`${other} ${own}`)) ?? NAMES.get(wordOf(`${own} ${other}`))
  if (named !== undefined) return named
  if (own === 'navigation' || (other === 'navigation' && NEUTRAL.has(own))) return PHASE_NAMES.has(other) ? undefined : 'web.load'
  const isLoad = (own === 'load' && WHOLE.has(other)) || (other === 'load' && NEUTRAL.has(own))
  return isLoad ? 'web.load' : undefined
}

/** Which part of a navigation a measurement of a browser is; undefined for none. */
export function navigationPhaseOf(type: string, component: string): NavigationPhase | undefined {
  const [own, other] = [wordOf(type), wordOf(component)]
  if (own === 'navigation' || NEUTRAL.has(own)) return PHASE_NAMES.get(other)
  return other === 'navigation' ? PHASE_NAMES.get(own) : undefined
}

/** A name without its spelling: `web-vitals.LCP` and `lcp` are one. */
function wordOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '').replace(/^(?:core)?web(?:vitals?)?(?=.)/, '')
}
