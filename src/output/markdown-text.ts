import { plain } from '../model/text.ts'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Text from outside as one line of GitHub's Markdown that shows as it is: no markup, no HTML, no table cell of its own, nobody mentioned and no issue linked. */
export function escapeMarkdown(text: string): string {
  return plain(text)
    .replace(/[&<>]/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\\`*[\]|~]/g, '\\$&')
    // Within a word an underscore is only an underscore.
    .replace(/(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu, (run) => run.replaceAll('_', '\\_'))
    // Mentions and links are made from the text that is shown, which no backslash is part of; a space without width is.
    .replace(/@(?=[\p{L}\p{N}])|#(?=\p{N})/gu, '$&\u200b')
}

/** The same where the text begins a block, so that it begins no list, heading or rule of its own. */
export function escapeBlock(text: string): string {
  return escapeMarkdown(text)
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^[-+=#]/, '\\$&')
}

/** The same for a comment that others are told of: no address becomes a link either, no number a reference, and dollars begin no formula. */
export function escapeComment(text: string): string {
  return escapeBlock(text)
    .replaceAll('://', ':\u200b//')
    .replace(/(www)\./gi, '$1\u200b.')
    .replace(/\b(GH-)(?=\d)/gi, '$1\u200b')
    // A backslash does not keep GitHub from reading a formula, and a colon between two words may become a picture.
    .replaceAll('$', '&#36;')
    .replace(/:(?=[a-z+-][\w+-]*:)/gi, ':\u200b')
}
