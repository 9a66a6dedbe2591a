/** An XML element: its attributes in order, those without a value left out, and either text or elements in it. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | number | undefined>>
  readonly content: string | readonly Element[]
}

/** An element of that name. */
export function element(name: string, attributes: Element['attributes'], content: Element['content'] = []): Element {
  return { name, attributes, content }
}

// What XML 1.0 allows is its `Char` (section 2.2), lone surrogates are not in it; C1 controls are, but are discouraged.
const INVALID = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' }

function escape(text: string, which: RegExp): string {
  return text.replace(INVALID, '').replace(which, (character) => ENTITIES[character] ?? character)
}

/** A whole XML 1.0 document in UTF-8; characters that XML cannot hold are removed. */
export function writeXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}`
}

function write({ name, attributes, content }: Element, indent: string): string {
  const pairs = Object.entries(attributes).filter(([, value]) => value !== undefined)
  const open = `${indent}<${name}${pairs.map(([key, value]) => ` ${key}="${escape(String(value), /[&<>"\t\n\r]/g)}"`).join('')}`
  if (content.length === 0) return `${open}/>\n`
  // Text takes no line breaks around it: they would become part of it.
  if (typeof content === 'string') return `${open}>${escape(content, /[&<>\r]/g)}</${name}>\n`
  return `${open}>\n${content.map((child) => write(child, `${indent}  `)).join('')}${indent}</${name}>\n`
}
