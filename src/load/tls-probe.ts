import { connect } from 'node:tls'

/** How long a server may take for its part of the handshake, milliseconds. */
const PATIENCE_MS = 1_000

/**
 * Whether the server behind an http address speaks TLS: some close a plain request without a word, and the person who forgot
 * the s deserves to hear of it. The certificate does not matter and nothing is sent.
 */
export function speaksTls(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address)
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise((answer) => {
    const socket = connect({ host, port: Number(port || 80), rejectUnauthorized: false, timeout: PATIENCE_MS })
    const end = (does: boolean): void => {
      socket.destroy()
      answer(does)
    }
    socket.once('secureConnect', () => end(true)).once('error', () => end(false)).once('timeout', () => end(false)).once('close', () => answer(false))
  })
}
