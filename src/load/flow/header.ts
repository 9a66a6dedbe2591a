import type { Position } from '../../model/error.ts'
import { unusableHeader, UnsendableRequest } from './errors.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, type DeclaredNames, type Template } from './template.ts'
import { breaksHeader, isToken, wireText } from './wire-text.ts'

/** A header line with places to fill in. */
export interface HeaderField {
  /** As authored. */
  readonly name: string
  readonly value: Template
}

/** These say how the body is framed; only who writes the body can know. */
const FRAMING: ReadonlySet<string> = new Set(['transfer-encoding', 'trailer', 'upgrade', 'te'])

/**
 * Compiles a header. Throws UserError `INVALID_HEADER` for a name or constant value that would break the request.
 * A value that breaks out of its line when it is filled in throws UnsendableRequest: it is never sent, not even in part.
 */
export function compileHeader(name: string, value: string, where: Position | undefined, declared?: DeclaredNames): HeaderField {
  if (!isToken(name)) throw unusableHeader(name, 'its name is not a header name', where)
  if (FRAMING.has(name.toLowerCase())) throw unusableHeader(name, 'it would change how the body is framed', where)
  const template = compileTemplate(value, where, declared)
  if (template.constant !== null && breaksHeader(template.constant)) throw unusableHeader(name, 'its value has a line break or control character', where)
  return { name, value: template }
}

/** A filled-in value as bytes. Throws UnsendableRequest. */
export function headerValue({ name, value }: HeaderField, scope: Scope): string {
  const text = value.render(scope)
  if (breaksHeader(text)) throw new UnsendableRequest(`invalid header value: ${name}`)
  return wireText(text)
}

/** Joins headers into their lines, each ended by CR LF; what is constant is joined once. */
export function compileLines(fields: readonly HeaderField[]): Template {
  const parts: (string | HeaderField)[] = []
  let text = ''
  for (const field of fields) {
    text += `${field.name}: `
    if (field.value.constant === null) {
      parts.push(text, field)
      text = ''
    } else text += wireText(field.value.constant)
    text += '\r\n'
  }
  if (parts.length === 0) return { text, constant: text, render: () => text, evaluate: () => text }
  parts.push(text)
  const render = (scope: Scope): string => {
    let lines = ''
    for (const part of parts) lines += typeof part === 'string' ? part : headerValue(part, scope)
    return lines
  }
  return { text: '', constant: null, render, evaluate: render }
}
