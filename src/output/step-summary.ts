import { deltaError, deltaText } from './delta.ts'
import { summaryFull } from './errors.ts'
import type { Format } from './format.ts'

/** GitHub shows nothing of a step's summary that is larger, in bytes. */
const MOST = 1024 * 1024

/** The summary of a step in GitHub Actions: the text of a comment, added to what $GITHUB_STEP_SUMMARY holds already. */
export const stepSummary: Format = {
  name: 'step-summary',
  about: 'the same for $GITHUB_STEP_SUMMARY; added to what the file holds',
  extension: null,
  stream: false,
  isAdded: true,
  errorsTo: ['stdout', 'stderr'],
  render: (report, { taken = 0 }) => {
    const most = MOST - taken
    const text = deltaText(report, taken > 0 ? [''] : [], { most, size: (part) => Buffer.byteLength(part) })
    if (Buffer.byteLength(text) > most) throw summaryFull()
    return text
  },
  renderError: (error, { command, taken = 0 }) => deltaError(error, command, taken > 0 ? [''] : []),
}
