import { plain } from '../../../model/text.ts'

/** Text from outside for a dialog: safe for a terminal, and free of the characters that stand for figures. */
export function safeText(text: string, limit = 4_096): string {
  return plain(text, limit).replace(/[\ue000-\uf8ff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
}
