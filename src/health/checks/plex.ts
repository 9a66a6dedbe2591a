import type { Look } from '../look.ts'

/** TODO plex */
export const look: Look<'plex'> = () => Promise.reject(new Error('not built yet'))
