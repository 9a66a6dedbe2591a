import { envelope, errorEnvelope, stringify } from './envelope.ts'
import type { Format } from './format.ts'

/** One JSON document a line, as they come, interim ones marked. */
export const ndjson: Format = {
  name: 'ndjson',
  about: 'one JSON document a line, written as it comes',
  extension: '.ndjson',
  stream: true,
  errorsTo: ['stdout'],
  render: (report, options) => `${stringify(envelope(report, options))}\n`,
  renderError: (error, options) => `${stringify(errorEnvelope(error, options))}\n`,
}
