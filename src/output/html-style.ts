/** The looks of a page: light or dark as the reader has it, ink on white on paper. It has no `<` and no `&`, so that it may stand in the page as it is. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --faint: #5d6778; --paper: #ffffff; --panel: #f5f7fa; --rule: #d9dee6; --ok: #1a7f4b; --warn: #9a6200; --unknown: #6b4fb3; --fail: #c02637; --c0: #2b6cb0; --c1: #c05621; --c2: #2f855a; --c3: #805ad5; --c4: #b83280; --c5: #4a5568 }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ef; --faint: #9aa5b6; --paper: #12161d; --panel: #1b212b; --rule: #323b49; --ok: #4cc38a; --warn: #e6b450; --unknown: #b19cf0; --fail: #ff6b7a; --c0: #63b3ed; --c1: #f6ad55; --c2: #68d391; --c3: #b794f4; --c4: #f687b3; --c5: #a0aec0 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 3rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 .25rem; overflow-wrap: anywhere }
h2 { font-size: 1.05rem; margin: 2rem 0 .6rem }
p { margin: .25rem 0 }
.faint, footer, .hint { color: var(--faint) }
.badge { display: inline-block; min-width: 4.2em; padding: .1em .6em; border-radius: 1em; border: 1px solid; font-size: .8rem; font-weight: 600; text-align: center; white-space: nowrap }
.ok { color: var(--ok) } .warn { color: var(--warn) } .unknown { color: var(--unknown) } .fail { color: var(--fail) } .excused { color: var(--faint) }
header .badge { font-size: .95rem; padding: .2em 1em }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .6rem; margin: 1.5rem 0 }
.facts div { background: var(--panel); border-radius: .5rem; padding: .6rem .8rem }
dt { color: var(--faint); font-size: .8rem } dd { margin: 0; font-size: 1.1rem; font-weight: 600; overflow-wrap: anywhere } dd.long { font-size: .95rem; font-weight: 400 }
.facts div.wide { grid-column: 1 / -1 }
ul { list-style: none; margin: 0; padding: 0 }
.findings li, .alerts li { display: grid; grid-template-columns: 6rem 1fr; gap: .75rem; padding: .45rem 0; border-top: 1px solid var(--rule) }
.findings li p, .alerts li p { margin: 0; overflow-wrap: anywhere }
.notes li { padding: .2rem 0 .2rem 1rem; text-indent: -1rem; overflow-wrap: anywhere } .notes li::before { content: '\\2013\\00a0\\00a0' }
figure { margin: 1.25rem 0; break-inside: avoid }
figcaption { font-weight: 600 }
svg { display: block; width: 100%; height: auto; margin-top: .35rem }
.grid { stroke: var(--rule); stroke-width: 1 } .zero { stroke: var(--faint); stroke-width: 1 }
.tick { fill: var(--faint); font: 11px system-ui, sans-serif }
polyline { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round }
polyline.line0 { stroke: var(--c0) } polyline.line1 { stroke: var(--c1) } polyline.line2 { stroke: var(--c2) } polyline.line3 { stroke: var(--c3) } polyline.line4 { stroke: var(--c4) } polyline.line5 { stroke: var(--c5) }
.dot0 { fill: var(--c0) } .dot1 { fill: var(--c1) } .dot2 { fill: var(--c2) } .dot3 { fill: var(--c3) } .dot4 { fill: var(--c4) } .dot5 { fill: var(--c5) }
.key { font-weight: 400; font-size: .85rem; margin-left: .9rem; white-space: nowrap } .key::before { content: ''; display: inline-block; width: 1.1em; height: 3px; margin-right: .4em; vertical-align: middle; background: currentColor }
.key.line0 { color: var(--c0) } .key.line1 { color: var(--c1) } .key.line2 { color: var(--c2) } .key.line3 { color: var(--c3) } .key.line4 { color: var(--c4) } .key.line5 { color: var(--c5) }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums }
th { text-align: left; font-weight: 600; color: var(--faint); border-bottom: 2px solid var(--rule); padding: .3rem .6rem; white-space: nowrap }
td { border-bottom: 1px solid var(--rule); padding: .3rem .6rem; vertical-align: top; overflow-wrap: anywhere; min-width: 4rem }
th.right, td.right { text-align: right; white-space: nowrap; min-width: 0 }
th:first-child, td:first-child { padding-left: 0 } th:last-child, td:last-child { padding-right: 0 }
tr { break-inside: avoid } thead { display: table-header-group }
.bar { display: inline-block; width: 5rem; height: .6em; margin-right: .5em; border-radius: .3em; background: var(--rule); overflow: hidden; vertical-align: middle } .bar i { display: block; height: 100%; background: currentColor }
pre { background: var(--panel); border-radius: .5rem; padding: .8rem; overflow-x: auto }
footer { margin-top: 2.5rem; padding-top: .8rem; border-top: 1px solid var(--rule); font-size: .8rem }
@media print { :root { --ink: #000; --faint: #444; --paper: #fff; --panel: #f3f3f3; --rule: #bbb; --ok: #1a7f4b; --warn: #8a5800; --unknown: #5b3fa3; --fail: #b0202f; --c0: #2b6cb0; --c1: #c05621; --c2: #2f855a; --c3: #805ad5; --c4: #b83280; --c5: #4a5568 } body { font-size: 10pt } main { max-width: none; padding: 0 } .scroll { overflow: visible } h2 { break-after: avoid } * { -webkit-print-color-adjust: exact; print-color-adjust: exact } }
`
