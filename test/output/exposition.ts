/** What a strict reader of either text format understands. */
export interface ReadFamily {
  readonly type: string
  readonly help: string
  readonly unit: string | undefined
  readonly samples: { readonly name: string; readonly labels: ReadonlyMap<string, string>; readonly value: number; readonly time: number | undefined }[]
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*/y
const NUMBER = /^[+-]?(\d+(\.\d+)?([eE][+-]?\d+)?)$/

/** Reads Prometheus' text format 0.0.4; throws at what a strict server refuses. */
export function readPrometheus(text: string): Map<string, ReadFamily> {
  return readExposition(text, false)
}

/** Reads OpenMetrics 1.0; throws at what a strict server refuses. */
export function readOpenMetrics(text: string): Map<string, ReadFamily> {
  return readExposition(text, true)
}

function readExposition(text: string, open: boolean): Map<string, ReadFamily> {
  if (!text.endsWith('\n')) throw new Error('no line break at the end')
  const lines = text.slice(0, -1).split('\n')
  if (open && lines.pop() !== '# EOF') throw new Error('no # EOF at the end')
  const families = new Map<string, ReadFamily>()
  let name = ''
  let head: { type?: string; help?: string; unit?: string } = {}
  for (const line of lines) {
    if (/[\u0000-\u001f\u007f-\u009f]/.test(line)) throw new Error(`a control character: ${JSON.stringify(line)}`)
    const [, key, subject = '', rest = ''] = /^# (HELP|TYPE|UNIT|EOF)\b ?([a-zA-Z_:][\w:]*)? ?(.*)$/.exec(line) ?? []
    if (key === undefined && line.startsWith('#')) {
      if (open) throw new Error(`a comment: ${line}`)
      continue
    }
    if (key !== undefined) {
      if (key === 'EOF' || (key === 'UNIT' && !open)) throw new Error(`out of place: ${line}`)
      if (subject !== name) {
        if (families.has(subject)) throw new Error(`${subject} comes twice`)
        name = subject
        head = {}
        families.set(name, { type: '', help: '', unit: undefined, samples: [] })
      }
      const field = key.toLowerCase() as 'type' | 'help' | 'unit'
      if (head[field] !== undefined) throw new Error(`${key} of ${name} twice`)
      head[field] = field === 'help' ? unescape(rest, open) : rest
      const family = families.get(name)!
      if (family.samples.length > 0) throw new Error(`${key} of ${name} after its samples`)
      families.set(name, { type: head.type ?? '', help: head.help ?? '', unit: head.unit, samples: [] })
      if (field === 'unit' && !name.endsWith(`_${rest}`)) throw new Error(`${name} does not end in its unit ${rest}`)
      if (field === 'type' && !['counter', 'gauge', ...(open ? ['info'] : [])].includes(rest)) throw new Error(`type ${rest}`)
      continue
    }
    const sample = readSample(line, open)
    const family = families.get(name)
    const ending = open ? { counter: '_total', info: '_info' }[family?.type ?? ''] ?? '' : ''
    if (!family || sample.name !== `${name}${ending}`) throw new Error(`${sample.name} does not belong to ${name}`)
    if (!open && (family.type === 'counter') !== name.endsWith('_total')) throw new Error(`${name} is a ${family.type}`)
    if (family.type === 'counter' && sample.value < 0) throw new Error(`${name} is below 0`)
    if (family.samples.some(({ labels }) => JSON.stringify([...labels].sort()) === JSON.stringify([...sample.labels].sort()))) throw new Error(`the same series twice: ${line}`)
    family.samples.push(sample)
  }
  for (const [each, { type, help, samples }] of families) if (type === '' || help === '' || samples.length === 0) throw new Error(`${each} is not whole`)
  return families
}

function readSample(line: string, open: boolean): ReadFamily['samples'][number] {
  let at = 0
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(line)?.[0]
    if (found === undefined) throw new Error(`unreadable at ${at}: ${line}`)
    at += found.length
    return found
  }
  const name = take(new RegExp(NAME.source.slice(1), 'y'))
  const labels = new Map<string, string>()
  if (line[at] === '{') {
    at++
    while (line[at] !== '}') {
      const label = take(/[a-zA-Z_][a-zA-Z0-9_]*/y)
      const value = take(/="(?:[^"\\]|\\["\\n])*"/y)
      if (labels.has(label)) throw new Error(`label ${label} twice`)
      labels.set(label, unescape(value.slice(2, -1), true))
      if (line[at] === ',') at++
      else if (line[at] !== '}') throw new Error(`unreadable at ${at}: ${line}`)
    }
    at++
    if (labels.size === 0) throw new Error(`empty braces: ${line}`)
  }
  const fields = line.slice(at).split(' ')
  const [first, value = '', time] = fields
  if (first !== '' || fields.length > (open ? 3 : 2) || !NUMBER.test(value) || (time !== undefined && !NUMBER.test(time))) throw new Error(`no number: ${line}`)
  return { name, labels, value: Number(value), time: time === undefined ? undefined : Number(time) }
}

function unescape(text: string, quotes: boolean): string {
  return text.replace(/\\(.)/g, (_, character: string) => {
    if (character === 'n') return '\n'
    if (character === '\\' || (quotes && character === '"')) return character
    throw new Error(`\\${character} means nothing`)
  })
}
