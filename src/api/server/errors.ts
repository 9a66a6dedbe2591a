import { UserError, type Position } from '../../model/error.ts'
import { plain } from '../../model/text.ts'

const MAKE = 'medianest-perf serve --make-token admin makes one, with the entry for serve.tokens'

/** An address beyond this machine, and nobody would have to show a token. */
export function needsAuthentication(host: string): UserError {
  return new UserError({
    code: 'NEEDS_AUTHENTICATION', kind: 'input', message: `${plain(host, 200)} can be reached from other machines, and neither serve.tokens nor serve.jwt says who may ask`,
    hint: `${MAKE}; or listen on 127.0.0.1, where no token is needed to read`, details: { host },
  })
}

/** The system refused to open the port; null when the reason is not one that the person can change. */
export function listenError(cause: NodeJS.ErrnoException, host: string, port: number): UserError | null {
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const known: Readonly<Record<string, { readonly code: string; readonly message: string; readonly hint: string }>> = {
    EADDRINUSE: { code: 'PORT_IN_USE', message: `port ${port} on ${plain(host, 200)} is in use by another program`, hint: 'choose another with --port, or --port 0 for any free one; ss -ltnp tells whose it is' },
    EACCES: { code: 'PORT_NOT_ALLOWED', message: `this user may not open ${plain(at, 220)}`, hint: 'choose a port above 1023 with --port, or give the service CAP_NET_BIND_SERVICE' },
    EADDRNOTAVAIL: { code: 'HOST_NOT_LOCAL', message: `${plain(host, 200)} is no address of this machine`, hint: 'use --host 127.0.0.1, or 0.0.0.0 for every address of this machine' },
    EAFNOSUPPORT: { code: 'HOST_NOT_LOCAL', message: `this machine has no addresses like ${plain(host, 200)}`, hint: 'use --host 127.0.0.1, or 0.0.0.0 for every address of this machine' },
    ENOTFOUND: { code: 'HOST_UNKNOWN', message: `the host name ${plain(host, 200)} does not resolve`, hint: 'use --host 127.0.0.1, or 0.0.0.0 for every address of this machine' },
    EAI_AGAIN: { code: 'HOST_UNKNOWN', message: `the host name ${plain(host, 200)} cannot be resolved right now`, hint: 'use an address instead of a name' },
  }
  const error = known[cause.code ?? '']
  return error ? new UserError({ ...error, kind: 'input', details: { host, port } }) : null
}

/** Something of the `serve` section that cannot be used. */
export function badSetting(message: string, hint: string, where?: Position): UserError {
  return new UserError({ code: 'INVALID_VALUE', kind: 'input', message, hint, where })
}

/** A key that is too weak, or of another kind than its algorithm. */
export function badKey(message: string, hint: string, where?: Position): UserError {
  return new UserError({ code: 'BAD_KEY', kind: 'input', message, hint, where })
}

/** A certificate, or its key, that cannot be used. */
export function badCertificate(message: string, hint: string, where?: Position): UserError {
  return new UserError({ code: 'BAD_CERTIFICATE', kind: 'input', message, hint, where })
}

/** A log that cannot be opened. */
export function badLog(path: string, cause: NodeJS.ErrnoException): UserError {
  const known: Readonly<Record<string, string>> = { ENOENT: 'its folder does not exist', EACCES: 'this user may not write to it', EISDIR: 'it is a directory', EROFS: 'it is on a read-only file system', ENOSPC: 'the disk is full' }
  return new UserError({ code: 'CANNOT_WRITE', kind: 'input', message: `the audit log ${plain(path)} cannot be opened: ${known[cause.code ?? ''] ?? plain(cause.message)}`, hint: 'name another file with serve.auditLog, or leave it out for stderr' })
}
