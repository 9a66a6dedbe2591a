/** Every value of a header field in a response head, by lower-case name; folded lines are joined by a space (RFC 9112 5.2). */
export function fieldValues(head: string, name: string): string[] {
  const values: string[] = []
  for (let at = nextField(head, 0, name); at >= 0; at = nextField(head, at, name)) values.push(valueAt(head, at, name))
  return values
}

/** The first value of a header field in a response head, by lower-case name. */
export function fieldValue(head: string, name: string): string | undefined {
  const at = nextField(head, 0, name)
  return at < 0 ? undefined : valueAt(head, at, name)
}

/** Where the next line after `from` begins that carries the field; -1 when there is none. */
function nextField(head: string, from: number, name: string): number {
  let at = head.indexOf('\n', from) + 1
  while (at > 0 && at < head.length) {
    if (head.charCodeAt(at + name.length) === 58 && head.slice(at, at + name.length).toLowerCase() === name) return at
    at = head.indexOf('\n', at) + 1
  }
  return -1
}

function valueAt(head: string, at: number, name: string): string {
  const start = at + name.length + 1
  let end = head.indexOf('\n', start)
  while (head[end + 1] === ' ' || head[end + 1] === '\t') end = head.indexOf('\n', end + 1)
  return head.slice(start, end).replace(/[ \t]*\r?\n[ \t]+/g, ' ').replace(/^[ \t]+|[ \t\r]+$/g, '')
}
