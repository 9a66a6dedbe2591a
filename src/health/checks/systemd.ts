import type { Look } from '../look.ts'

/** TODO systemd */
export const look: Look<'systemd'> = () => Promise.reject(new Error('not built yet'))
