import { UserError } from '../model/error.ts'

/** The system refused to open the port; null when the reason is not one that the person can change. */
export function listenError(cause: NodeJS.ErrnoException, host: string, port: number): UserError | null {
  const place = `${host}:${port}`
  const known: Readonly<Record<string, { readonly code: string; readonly message: string; readonly hint: string }>> = {
    EADDRINUSE: { code: 'PORT_IN_USE', message: `port ${port} on ${host} is in use by another program`, hint: 'choose another with --port, or --port 0 for any free one' },
    EACCES: { code: 'PORT_NOT_ALLOWED', message: `this user may not open port ${place}`, hint: 'choose a port above 1023 with --port, or --port 0 for any free one' },
    EADDRNOTAVAIL: { code: 'HOST_NOT_LOCAL', message: `${host} is no address of this machine`, hint: 'use --host 127.0.0.1, or 0.0.0.0 for every address of this machine' },
    ENOTFOUND: { code: 'HOST_UNKNOWN', message: `the host name ${host} does not resolve`, hint: 'use --host 127.0.0.1, or 0.0.0.0 for every address of this machine' },
  }
  const error = known[cause.code ?? '']
  return error ? new UserError({ ...error, kind: 'input', details: { host, port } }) : null
}

/** A port that cannot exist. */
export function badPort(port: number): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `"${port}" is not a port`, hint: 'write a whole number from 0 to 65535; 0 takes any free port' })
}

/** The text of a fault flag that cannot be read. */
export function badFault(flag: string, text: string, problem: string, example: string): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `${flag} "${text}": ${problem}`, hint: `write it like ${flag} ${example}` })
}
