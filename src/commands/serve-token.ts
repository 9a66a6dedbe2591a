import { randomBytes } from 'node:crypto'
import { makeToken } from '../api/server/access-token.ts'
import type { Host } from '../host.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import { report, type Report } from '../model/report.ts'
import type { Role } from '../serve-schema/schema.ts'

/** A fresh token, told once, and the entry that knows it by its hash. Throws UserError `INVALID_VALUE`. */
export function reportToken(host: Host, role: Role, name: string = role): Report {
  if (name === '' || name.length > 100 || plain(name) !== name) throw new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: '--name must be one line of 1 to 100 characters' })
  const { token, hash } = makeToken(randomBytes)
  const at = host.wallTime()
  const entry = { name, role, hash }
  return report({
    command: 'serve', title: `a token for ${plain(name)}`, startedAt: at, finishedAt: at, data: { token, entry },
    text: `${token}\n\nThis is the only time it is shown. The configuration knows it by its hash:\n\nserve:\n  tokens:\n    - name: ${JSON.stringify(name)}\n      role: ${role}\n      hash: ${hash}\n`,
  })
}
