import { realHost } from '../../../src/host.ts'
import { openTop } from '../../../src/tui/top/open.ts'
import { fakeFeed, process as row } from './feed.ts'
import { PARTS } from './picture.ts'

// A top of one line on a real terminal; the argument says what goes wrong.
const [trouble = ''] = process.argv.slice(2)
const host = realHost()
const feed = fakeFeed(`pid=${process.pid};`)
setInterval(() => feed.tick([row(7, 'node')]), 50).unref()
// Before Ink is there, which restores something itself, or after.
if (trouble.startsWith('crash')) setTimeout(() => { throw new Error('a crash of our own') }, trouble === 'crash-early' ? 5 : 700)
const { reason } = await openTop({ ...PARTS, host, feeds: [feed], mouse: trouble === 'mouse' })
await host.stdout.write(`ended by ${reason}\n`)
process.exit(0)
