import type { Config } from '../config.ts'
import type { Resident } from '../contract/resident.ts'
import type { Host } from '../host.ts'
import { UserError } from '../model/error.ts'

/** Opens the instance that is served. Throws UserError for sources that cannot be opened. */
export type OpenResident = (host: Host, config: Config) => Promise<Resident>

/** This machine. */
export const openResident: OpenResident = async () => {
  throw new UserError({ code: 'NOT_SUPPORTED', kind: 'usage', message: 'this build has nothing to serve', hint: 'medianest-perf metrics measures this machine' })
}
