import { describe, expect, it } from 'vitest'
import { NetworkProblem } from '../../src/services/problem.ts'
import { problemOf } from '../../src/services/redis-problem.ts'

const failed = (code: string): Error => Object.assign(new Error(`it failed with ${code}\u001b[2J`), { code })

describe('a connection to Redis that did not come about', () => {
  it('has a reason and something to do about it', () => {
    const kinds = { ECONNREFUSED: 'refused', EHOSTUNREACH: 'unreachable', ECONNRESET: 'closed', CERT_HAS_EXPIRED: 'certificate', ERR_TLS_CERT_ALTNAME_INVALID: 'certificate', DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate', EPROTO: 'tls', ERR_SSL_WRONG_VERSION_NUMBER: 'tls', EMFILE: 'closed' }
    for (const [code, kind] of Object.entries(kinds)) expect(problemOf(failed(code), 'connect'), code).toMatchObject({ kind, hint: expect.any(String) })
    expect(problemOf(new NetworkProblem('no-name', 'dns', 'there is no host named cache', 'check its spelling'), 'connect')).toMatchObject({ kind: 'no-name', hint: 'check its spelling' })
    expect(problemOf(undefined, 'PING')).toMatchObject({ kind: 'closed', asked: 'PING' })
  })

  it('is told in text that a terminal can show', () => {
    for (const code of ['EMFILE', 'CERT_HAS_EXPIRED', 'constructor']) expect(problemOf(failed(code), 'connect').message).not.toContain('\u001b')
  })
})
