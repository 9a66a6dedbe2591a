import { envelope, errorEnvelope, stringify } from './envelope.ts'
import type { Format } from './format.ts'

/** One JSON document, for scripts. */
export const json: Format = {
  name: 'json',
  about: 'one JSON document with the documented data, the findings and the verdict',
  extension: '.json',
  stream: false,
  errorsTo: ['stdout'],
  render: (report, options) => `${stringify(envelope(report, options), 2)}\n`,
  renderError: (error, options) => `${stringify(errorEnvelope(error, options), 2)}\n`,
}
