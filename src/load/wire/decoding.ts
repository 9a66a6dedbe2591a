import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import { decodedTooLarge, type TransportError, undecodable } from './errors.ts'
import { fieldValues } from './fields.ts'

type Decoder = (body: Buffer, limits: { maxOutputLength: number }) => Buffer

const gunzip: Decoder = (body, limits) => gunzipSync(body, limits)

/** By content coding (RFC 9110 8.4.1). `deflate` means zlib, but some servers send the bare stream. */
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: (body, limits) => ((body[0] ?? 0) % 16 === 8 ? inflateSync(body, limits) : inflateRawSync(body, limits)),
  br: (body, limits) => brotliDecompressSync(body, limits),
}

/** Undoes the codings the response head names; the error when one is unknown, the bytes are broken or the result too large. */
export function decodeBody(body: Buffer, headText: string, maxBytes: number, where: string): Buffer | TransportError {
  if (body.length === 0) return body
  // Transfer codings were applied after the content codings, so they come off first; chunked is off already.
  const codings = [...fieldValues(headText, 'content-encoding'), ...fieldValues(headText, 'transfer-encoding')]
    .flatMap((value) => value.toLowerCase().split(','))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity' && coding !== 'chunked')
  let decoded = body
  for (const coding of codings.reverse()) {
    const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined
    if (decode === undefined) return undecodable(where, coding)
    try {
      decoded = decode(decoded, { maxOutputLength: maxBytes })
    } catch (error) {
      const tooLarge = error instanceof RangeError
      return tooLarge ? decodedTooLarge(where, maxBytes) : undecodable(where, coding)
    }
  }
  return decoded
}
