import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/commands/list.ts'

const SRC = resolve(import.meta.dirname, '../../src')
/** Keys whose values people read beside a check, and the calls that make an outcome of a message and a hint. */
const SAID = new Set(['text', 'message', 'recommendation', 'hint', 'fine', 'say'])
const SAYING = new Set(['single', 'invalid', 'impossible', 'alone', 'gone', 'broken', 'hidden', 'none', 'unmeasured'])

/** All texts of a folder's sources that are part of a message or a hint, and where they stand. */
function said(folder: string): { readonly text: string; readonly where: string }[] {
  return readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).flatMap((name) => {
    const source = ts.createSourceFile(name, readFileSync(join(SRC, folder, name), 'utf8'), ts.ScriptTarget.Latest, true)
    const found: { readonly text: string; readonly where: string }[] = []
    const visit = (node: ts.Node, isSaid: boolean): void => {
      const begins = isSaid || (ts.isPropertyAssignment(node) && SAID.has(node.name.getText())) || (ts.isCallExpression(node) && SAYING.has(node.expression.getText())) || (ts.isVariableDeclaration(node) && /^[A-Z_]+$/.test(node.name.getText()))
      if (begins && (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node))) {
        found.push({ text: node.text, where: `${folder}/${name}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}` })
      }
      node.forEachChild((child) => visit(child, begins))
    }
    visit(source, false)
    return found
  })
}

const texts = [...said('health/checks'), ...said('health/postgres'), ...said('health/redis'), ...said('services'), ...said('health')]

describe('what checks say', () => {
  it('has no pipe in it: behind one begins the performance data of a plugin, so that another command would be left', () => {
    expect(texts.length).toBeGreaterThan(300)
    // A bar alone is one that is looked for, not one that is said.
    expect(texts.filter(({ text }) => / \||\| /.test(text))).toEqual([])
  })

  it('names no command of this program that does not exist', () => {
    const named = texts.flatMap(({ text, where }) => [...text.matchAll(/medianest-perf ([a-z]+)/g)].map(([, command = '']) => ({ command, where })))
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter(({ command }) => !COMMANDS.some(({ name }) => name === command))).toEqual([])
  })
})
