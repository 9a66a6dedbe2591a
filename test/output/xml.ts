const TOKEN = /<\?xml [^?]*\?>\n|<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^<"]*")*)(\/?)>|([^<]+)/gy
 
const INVALID = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|&(?!(?:amp|lt|gt|quot|#\d+);)|\]\]>/u

/** Reads the XML that we write and returns the names of its elements in order; throws when it is not well-formed. */
export function readXml(text: string): string[] {
  const invalid = INVALID.exec(text)
  if (invalid) throw new Error(`not allowed in XML: ${JSON.stringify(text.slice(invalid.index, invalid.index + 20))}`)
  const names: string[] = []
  const open: string[] = []
  let at = 0
  for (const [token, closed, opened, , empty, content] of text.matchAll(TOKEN)) {
    at += token.length
    if (closed !== undefined && open.pop() !== closed) throw new Error(`</${closed}> closes nothing`)
    if (content !== undefined && content.trim() !== '' && open.length === 0) throw new Error('text outside of the root element')
    if (opened === undefined) continue
    names.push(opened)
    if (empty === '') open.push(opened)
  }
  if (at !== text.length || open.length > 0) throw new Error(`not well-formed at ${JSON.stringify(text.slice(at, at + 20))}, open: ${open.join(' ')}`)
  return names
}
