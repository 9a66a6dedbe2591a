/** A4 in points. */
const PAGE = { width: 595.28, height: 841.89 }
const MARGIN = 44
const FOOTER = 30
/** Where text begins. */
export const LEFT = MARGIN
/** How wide it may be. */
export const WIDTH = PAGE.width - 2 * MARGIN

/** Ink on white, of verdicts and lines. */
export const COLORS = {
  ink: '#1c2330', faint: '#5d6778', rule: '#d9dee6', paper: '#ffffff', panel: '#f5f7fa',
  ok: '#1a7f4b', warn: '#9a6200', unknown: '#6b4fb3', fail: '#c02637',
  lines: ['#2b6cb0', '#c05621', '#2f855a', '#805ad5', '#b83280', '#4a5568'],
} as const

type Document = PDFKit.PDFDocument

/** How a text is set. Sizes and widths in points. */
export interface Setting {
  readonly size: number
  readonly isBold?: boolean | undefined
  readonly color?: string | undefined
  /** The room it stands in; a text that is too wide for one line goes on in the next. */
  readonly width?: number | undefined
  readonly align?: 'left' | 'right' | 'center' | undefined
  readonly indent?: number | undefined
}

/** Pages that are filled from the top, and go on on the next where one is full. */
export interface Sheet {
  readonly doc: Document
  /** Where the next thing stands, from the top of the page. */
  readonly y: number
  /** Sees that so much fits under `y`; begins a page where it does not. Returns whether it did. */
  room(height: number): boolean
  skip(height: number): void
  heading(title: string): void
  /** Text over the whole width, on as many pages as it takes. */
  paragraph(text: string, setting: Setting): void
  /** Text at a place, which leaves `y` alone. */
  print(text: string, x: number, y: number, setting: Setting): void
  width(text: string, size: number, isBold?: boolean): number
  height(text: string, width: number, size: number): number
  /** Numbers the pages and gives all of them. */
  finish(): Promise<Uint8Array>
}

interface SheetOptions {
  readonly title: string
  /** What the document says of its own making. */
  readonly at: Date
  readonly compress: boolean
  readonly footer: string
}

/** Opens an empty sheet. */
export async function openSheet({ title, at, compress, footer }: SheetOptions): Promise<Sheet> {
  const { default: PDFDocument } = await import('pdfkit')
  const time = Number.isNaN(at.getTime()) ? new Date(0) : at
  const doc = new PDFDocument({
    size: 'A4', margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 }, bufferPages: true, compress, lang: 'en', displayTitle: true,
    info: { Title: title, Creator: 'medianest-perf', Producer: 'medianest-perf', CreationDate: time, ModDate: time },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((done, failed) => void doc.once('end', done).once('error', failed))
  let y = MARGIN

  const set = ({ size, isBold = false, color = COLORS.ink }: Setting): Document => doc.font(isBold ? 'Helvetica-Bold' : 'Helvetica').fontSize(size).fillColor(color)
  const print: Sheet['print'] = (text, x, top, setting) => {
    const { width, align = 'left' } = setting
    set(setting).text(text, x, top, { lineBreak: width !== undefined, ...(width === undefined ? {} : { width, align }) })
  }
  const height: Sheet['height'] = (text, width, size) => set({ size }).heightOfString(text, { width })
  const room: Sheet['room'] = (needed) => {
    if (y + needed <= PAGE.height - MARGIN - FOOTER || y === MARGIN) return false
    doc.addPage()
    y = MARGIN
    return true
  }
  const skip = (by: number): void => {
    y += by
  }
  return {
    doc, room, skip, print, height,
    get y() {
      return y
    },
    heading: (text) => {
      // A heading does not stand alone at the end of a page.
      room(60)
      if (y > MARGIN) y += 10
      print(text, LEFT, y, { size: 11, isBold: true })
      y += 18
    },
    paragraph: (text, setting) => {
      const { indent = 0, size } = setting
      const width = WIDTH - indent
      set(setting)
      const tall = doc.heightOfString(text, { width })
      room(tall)
      print(text, LEFT + indent, y, { ...setting, width })
      y += Math.max(tall, size)
    },
    width: (text, size, isBold) => set({ size, isBold }).widthOfString(text),
    finish: async () => {
      const { count } = doc.bufferedPageRange()
      for (let page = 0; page < count; page++) {
        doc.switchToPage(page)
        const line = PAGE.height - FOOTER - 8
        print(footer, LEFT, line, { size: 7.5, color: COLORS.faint })
        print(`${page + 1} of ${count}`, LEFT, line, { size: 7.5, color: COLORS.faint, width: WIDTH, align: 'right' })
      }
      doc.end()
      await ended
      return Buffer.concat(chunks)
    },
  }
}
