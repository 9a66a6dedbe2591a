import type { Files } from '../files.ts'
import { UserError } from '../model/error.ts'
import { checked } from '../contract/read-question.ts'
import { alertsBody } from '../contract/questions.ts'
import { changeAlerts, DEFAULT_ALERTS, type AlertSettings } from './alert-settings.ts'
import { badState } from './errors.ts'

/** What is needed of files to keep settings. */
export type StateFiles = Pick<Files, 'read' | 'exists' | 'write'>

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

/** Keeps settings: the file is the old one or the new one, never a part. Throws UserError `CANNOT_WRITE`. */
export async function writeAlertState(path: string | null, settings: AlertSettings, files: StateFiles): Promise<void> {
  if (path !== null) await files.write(path, `${JSON.stringify({ alerts: settings }, null, 2)}\n`, MODE)
}
