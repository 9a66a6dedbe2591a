import type { FailureLike, Format, RenderOptions } from './format.ts'
import { human } from './human.ts'
import { report, type Report } from '../model/report.ts'

/** Pages to print or to send, with charts; only for files. */
export const pdf: Format = {
  name: 'pdf',
  about: 'pages to print or send, with charts; to a file alone',
  extension: '.pdf',
  stream: false,
  errorsTo: ['stderr'],
  render: (of, options) => human.render(of, options),
  renderError: (error, options) => human.renderError(error, options),
  binary: { render: (of, options) => renderPdf(of, options), renderError: (error, options) => renderPdf(reportOfFailure(error, options), options) },
}

/**
 * A report as a PDF document of A4 pages in the standard fonts. The same report gives the same bytes; without `compress` its text can be read in them.
 */
export async function renderPdf(of: Report, options: RenderOptions, { compress = true } = {}): Promise<Uint8Array> {
  const { writePdf } = await import('./pdf-document.ts')
  return writePdf(of, options, compress)
}

/** A failure has no time: that of the first page ever printed will do, so that the bytes stay the same. */
function reportOfFailure({ message, hint, where, code }: FailureLike, { command }: RenderOptions): Report {
  const never = new Date(Number.NaN)
  return report({ command, title: `${command}: error`, verdict: 'fail', startedAt: never, finishedAt: never, findings: [{ id: code, verdict: 'fail', title: message, hint, where }] })
}
