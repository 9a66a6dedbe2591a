import { extname } from 'node:path'
import type { FileType } from '../../model/budget.ts'

const EXTENSIONS: Readonly<Record<Exclude<FileType, 'other'>, readonly string[]>> = {
  script: ['js', 'mjs', 'cjs'],
  stylesheet: ['css'],
  image: ['png', 'jpg', 'jpeg', 'gif', 'svg', 'webp', 'avif', 'ico', 'bmp', 'apng', 'jxl'],
  font: ['woff', 'woff2', 'ttf', 'otf', 'eot'],
  document: ['html', 'htm', 'xhtml'],
  media: ['mp4', 'm4v', 'webm', 'ogv', 'mov', 'mp3', 'm4a', 'ogg', 'oga', 'opus', 'wav', 'flac', 'aac'],
}

const TYPES: ReadonlyMap<string, FileType> = new Map(Object.entries(EXTENSIONS).flatMap(([type, extensions]) => extensions.map((extension): [string, FileType] => [`.${extension}`, type as FileType])))

/** The type a browser would count a file as, by the end of its name. */
export function fileTypeOf(path: string): FileType {
  return TYPES.get(extname(path).toLowerCase()) ?? 'other'
}
