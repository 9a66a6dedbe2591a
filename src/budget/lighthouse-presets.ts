/** A preset's word on an audit; without a length its score has to be 0.9. */
export interface PresetAssertion {
  readonly level: 'off' | 'warn' | 'error'
  readonly maxLength?: number
}

/** Presets of lhci's assertions, as @lhci/utils 0.15.1 has them. */
export const PRESETS = ['lighthouse:all', 'lighthouse:recommended', 'lighthouse:no-pwa'] as const

export type PresetName = (typeof PRESETS)[number]

const names = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Diagnostics, and what a navigation does not measure. */
const IDLE = names(`
  critical-request-chains diagnostics final-screenshot interaction-to-next-paint js-libraries largest-contentful-paint-element layout-shifts
  main-thread-tasks metrics network-requests network-rtt network-server-latency resource-summary screenshot-thumbnails script-treemap-data
  third-party-summary total-blocking-time user-timings uses-responsive-images-snapshot work-during-interaction
`)

const JUDGED = names(`
  accesskeys aria-allowed-attr aria-allowed-role aria-command-name aria-conditional-attr aria-deprecated-role aria-dialog-name aria-hidden-body
  aria-hidden-focus aria-input-field-name aria-meter-name aria-progressbar-name aria-prohibited-attr aria-required-attr aria-required-children
  aria-required-parent aria-roles aria-text aria-toggle-field-name aria-tooltip-name aria-treeitem-name aria-valid-attr aria-valid-attr-value bf-cache
  bootup-time button-name bypass cache-insight canonical charset clickjacking-mitigation cls-culprits-insight color-contrast crawlable-anchors csp-xss
  cumulative-layout-shift definition-list deprecations dlitem doctype document-latency-insight document-title dom-size dom-size-insight
  duplicate-id-aria duplicated-javascript duplicated-javascript-insight efficient-animated-content empty-heading errors-in-console
  first-contentful-paint first-meaningful-paint font-display font-display-insight font-size forced-reflow-insight form-field-multiple-labels frame-title
  geolocation-on-start has-hsts heading-order hreflang html-has-lang html-lang-valid html-xml-lang-mismatch http-status-code
  identical-links-same-purpose image-alt image-aspect-ratio image-delivery-insight image-redundant-alt image-size-responsive input-button-name
  input-image-alt inspector-issues interaction-to-next-paint-insight interactive is-crawlable is-on-https label label-content-name-mismatch
  landmark-one-main largest-contentful-paint lcp-discovery-insight lcp-lazy-loaded lcp-phases-insight legacy-javascript legacy-javascript-insight
  link-in-text-block link-name link-text list listitem long-tasks mainthread-work-breakdown max-potential-fid meta-description meta-refresh
  meta-viewport modern-http-insight modern-image-formats network-dependency-tree-insight no-document-write non-composited-animations
  notification-on-start object-alt offscreen-images origin-isolation paste-preventing-inputs prioritize-lcp-image redirects redirects-http
  render-blocking-insight render-blocking-resources robots-txt select-name server-response-time skip-link speed-index tabindex table-duplicate-name
  table-fake-caption target-size td-has-header td-headers-attr th-has-data-cells third-parties-insight third-party-cookies third-party-facades
  total-byte-weight unminified-css unminified-javascript unsized-images unused-css-rules unused-javascript uses-http2 uses-long-cache-ttl
  uses-optimized-images uses-passive-event-listeners uses-rel-preconnect uses-responsive-images uses-text-compression valid-lang valid-source-maps
  video-caption viewport viewport-insight
`)

/** Where the recommended ones are milder than all: what varies from run to run or depends on the server warns, and lists count by what they list. */
const RECOMMENDED: readonly (readonly [PresetAssertion, readonly string[]])[] = [
  [{ level: 'off' }, names('uses-http2 long-tasks')],
  [{ level: 'warn' }, names(`
    bootup-time cumulative-layout-shift first-contentful-paint first-meaningful-paint largest-contentful-paint mainthread-work-breakdown max-potential-fid speed-index interactive
    dom-size dom-size-insight is-on-https server-response-time
  `)],
  [{ level: 'warn', maxLength: 0 }, names(`
    duplicated-javascript legacy-javascript cache-insight modern-image-formats render-blocking-insight render-blocking-resources uses-long-cache-ttl
  `)],
  [{ level: 'error', maxLength: 0 }, names(`
    efficient-animated-content offscreen-images unminified-css unminified-javascript unused-css-rules unused-javascript uses-optimized-images uses-rel-preconnect
    uses-responsive-images uses-text-compression
  `)],
]

const each = (list: readonly string[], assertion: PresetAssertion): [string, PresetAssertion][] => list.map((audit) => [audit, assertion])

const ALL: readonly (readonly [string, PresetAssertion])[] = [...each(IDLE, { level: 'off' }), ...each(JUDGED, { level: 'error' })]
const MILDER: readonly (readonly [string, PresetAssertion])[] = RECOMMENDED.flatMap(([assertion, audits]) => each(audits, assertion))

const TABLES: Readonly<Record<PresetName, readonly (readonly [string, PresetAssertion])[]>> = {
  'lighthouse:all': ALL,
  'lighthouse:recommended': [...ALL, ...MILDER],
  'lighthouse:no-pwa': [...ALL, ...MILDER, ...each(['is-on-https', 'viewport'], { level: 'off' })],
}

/** What a preset asserts, by audit. */
export function presetAssertions(name: PresetName): ReadonlyMap<string, PresetAssertion> {
  return new Map(TABLES[name])
}

/** Audits that the presets know, from Lighthouse 10 to 13. */
export const KNOWN_AUDITS: readonly string[] = [...IDLE, ...JUDGED]
