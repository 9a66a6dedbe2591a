import { deltaError, deltaText, type Room } from './delta.ts'
import type { Format } from './format.ts'

/** GitHub takes no more characters in a comment. */
const ROOM: Room = { most: 65_536, size: (text) => text.length }

/** A comment on a change for GitHub, GitLab and others; its first line is a mark by which a later run finds and replaces it. */
export const comment: Format = {
  name: 'comment',
  about: 'Markdown for a comment on a change: what failed, warned or changed first, the rest folded away',
  extension: null,
  stream: false,
  errorsTo: ['stdout', 'stderr'],
  render: (report, { key }) => deltaText(report, [mark(report.command, key), ''], ROOM),
  renderError: (error, { command, key }) => deltaError(error, command, [mark(command, key), '']),
}

/** `<!-- medianest-perf:compare:api -->`: no text can end it early. */
function mark(command: string, key = 'default'): string {
  const safe = (text: string): string => text.replace(/[^\w.]+/g, '-').slice(0, 100)
  return `<!-- medianest-perf:${safe(command)}:${safe(key)} -->`
}
