import { expect, test } from 'vitest'
import { type ConnectionStage, faultError, socketError } from '../../../src/load/wire/errors.ts'

const errno = (code: string, message = `it says ${code}`): Error => Object.assign(new Error(message), { code })

test.each([
  ['ECONNREFUSED', 'connecting', 'refused', 'host:1 refused the connection'],
  ['ECONNRESET', 'open', 'reset', 'host:1 broke off the connection'],
  ['EPIPE', 'open', 'reset', 'host:1 broke off the connection'],
  ['ECONNRESET', 'handshake', 'tls', 'host:1 broke off the TLS handshake, perhaps it is http'],
  ['ETIMEDOUT', 'connecting', 'timeout', 'the network gave up waiting for host:1'],
  ['ENOTFOUND', 'connecting', 'dns', 'the name in host:1 does not resolve'],
  ['EAI_AGAIN', 'connecting', 'dns', 'the name server gave no answer about host:1'],
  ['EAI_FAIL', 'connecting', 'dns', 'the name in host:1 does not resolve'],
  ['EHOSTUNREACH', 'connecting', 'unreachable', 'there is no route to host:1'],
  ['ENETUNREACH', 'connecting', 'unreachable', 'there is no route to host:1'],
  ['EADDRNOTAVAIL', 'connecting', 'unreachable', 'no local port is free for a connection to host:1'],
  ['EMFILE', 'connecting', 'unreachable', 'too many open files to connect to host:1'],
  ['CERT_HAS_EXPIRED', 'handshake', 'tls', 'the certificate of host:1 has expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'handshake', 'tls', 'the certificate of host:1 is not trusted: it says DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'handshake', 'tls', 'the certificate of host:1 is not trusted: it says SELF_SIGNED_CERT_IN_CHAIN'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'handshake', 'tls', 'the certificate of host:1 is not trusted: it says UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'handshake', 'tls', 'the certificate of host:1 is for another name: it says ERR_TLS_CERT_ALTNAME_INVALID'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'handshake', 'tls', 'the TLS handshake with host:1 failed: it says ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'],
  ['EPROTO', 'handshake', 'tls', 'the TLS handshake with host:1 failed: it says EPROTO'],
  ['EWHATEVER', 'connecting', 'unreachable', 'no connection to host:1: it says EWHATEVER'],
  ['EWHATEVER', 'handshake', 'tls', 'the TLS handshake with host:1 failed: it says EWHATEVER'],
  ['EWHATEVER', 'open', 'reset', 'the connection to host:1 broke: it says EWHATEVER'],
])('%s while %s is %s', (code, stage, kind, message) => {
  expect(socketError('host:1', stage as ConnectionStage, errno(code))).toEqual({ kind, message })
})

test.each(['write EPROTO 1234:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:', 'packet length too long'])('plain text in a handshake is recognised: %s', (message) => {
  expect(socketError('host:1', 'handshake', errno('EPROTO', message))).toEqual({ kind: 'tls', message: 'host:1 answered a TLS handshake in plain text, perhaps it is http' })
})

test('nothing from outside reaches a terminal as it is', () => {
  expect(socketError('host:1', 'open', errno('X', 'a\u001b[31m\nb')).message).toBe('the connection to host:1 broke: a\ufffd[31m b')
})

test('every fault has a kind and a sentence', () => {
  expect(faultError('host:1', 'head-too-large', '64')).toEqual({ kind: 'too-large', message: 'the header block from host:1 is longer than 64 bytes' })
  expect(faultError('host:1', 'framing', '').kind).toBe('protocol')
  expect(faultError('host:1', 'truncated', 'without an answer').kind).toBe('reset')
})
