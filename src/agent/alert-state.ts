import type { Files } from '../files.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import { checked } from '../contract/read-question.ts'
import { alertsBody } from '../contract/questions.ts'
import { changeAlerts, DEFAULT_ALERTS, type AlertSettings } from './alert-settings.ts'
import { badState, cannotKeep, unwritableState } from './errors.ts'
import type { Log } from './log.ts'

/** What is needed of files to keep settings. */
export type StateFiles = Pick<Files, 'read' | 'exists' | 'write' | 'expectWritable'>

/** Only its owner may read it. */
const MODE = 0o600

/** The settings a file keeps; the defaults where there is none. Throws UserError `INVALID_STATE`. */
export async function readAlertState(path: string | null, files: StateFiles): Promise<AlertSettings> {
  if (path === null || !(await files.exists(path))) return DEFAULT_ALERTS
  try {
    const content: unknown = JSON.parse(await files.read(path))
    const alerts = typeof content === 'object' && content !== null && 'alerts' in content ? content.alerts : null
    if (alerts === null) throw new Error('holds no alerts')
    return changeAlerts(DEFAULT_ALERTS, checked(alertsBody, alerts, 'body'))
  } catch (error) {
    if (error instanceof UserError) throw error
    throw badState(path, error instanceof SyntaxError ? 'is not JSON' : `cannot be used (${error instanceof Error ? error.message : 'for no known reason'})`)
  }
}

/** Finds out before anything is set whether it could be kept. Throws UserError `CANNOT_WRITE`. */
export async function expectState(path: string | null, files: StateFiles): Promise<void> {
  if (path === null) return
  await files.expectWritable(path).catch((error: unknown) => {
    throw unwritableState(path, reasonOf(error, path))
  })
}

/** Keeps settings: the file is the old one or the new one, never a part. Throws `ApiError` `RESOURCE_EXHAUSTED` where that cannot be done; why, with the path, goes into the log. */
export async function writeAlertState(path: string | null, settings: AlertSettings, files: StateFiles, log: Log): Promise<void> {
  if (path === null) return
  await files.write(path, `${JSON.stringify({ alerts: settings }, null, 2)}\n`, MODE).catch((error: unknown) => {
    const why = reasonOf(error, path)
    log('error', unwritableState(path, why).message)
    throw cannotKeep(why)
  })
}

/** Why a file cannot be written, without its path. */
function reasonOf(error: unknown, path: string): string {
  const before = `${path} cannot be written: `
  if (error instanceof UserError && error.message.startsWith(before)) return plain(error.message.slice(before.length))
  // What the system says itself names files.
  return `the system refuses it (${error instanceof Error && 'code' in error ? String(error.code) : 'for no known reason'})`
}
