import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { GITLAB_FOLDER } from '../../src/commands/ci-extras.ts'
import { gitHub, gitLab, ours, project, runShell, type Project, type Ran } from './pipeline.ts'

interface Step {
  readonly id?: string
  readonly name: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
}

const action = parse(ours('action.yml')) as { readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>; readonly outputs: Readonly<Record<string, { readonly value: string }>>; readonly runs: { readonly using: string; readonly steps: readonly Step[] } }
const template = parse(ours('templates/medianest-perf.gitlab-ci.yml')) as Readonly<Record<string, { readonly script?: readonly string[]; readonly after_script?: readonly string[]; readonly variables?: Readonly<Record<string, string>>; readonly artifacts?: { readonly reports: Readonly<Record<string, string>> } }>>
const step = (name: string): Step => action.runs.steps.find((each) => each.name === name) ?? { name: 'none' }

/** A step of the action with these values, as GitHub runs it. */
const act = (name: string, within: Project, env: Readonly<Record<string, string>>): Promise<Ran> => runShell(step(name).run ?? 'exit 99', within, { ...gitHub(within), ...env })
const TEXT = '<!-- medianest-perf:compare:web -->\n\n### fine\n'

describe('the action', () => {
  it('uses nothing that it does not declare, and declares nothing that it does not use', () => {
    const text = ours('action.yml')
    const used = new Set([...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name))
    expect([...used].sort()).toEqual(Object.keys(action.inputs).sort())
    expect([...text.matchAll(/steps\.([\w-]+)\./g)].every(([, id]) => action.runs.steps.some((each) => each.id === id))).toBe(true)
    expect(Object.values(action.outputs).map(({ value }) => value)).toEqual(['${{ steps.run.outputs.verdict }}', '${{ steps.run.outputs.exit-code }}'])
  })

  it('takes no input into the text of a script, where it could bring commands of its own', () => {
    for (const { run, shell } of action.runs.steps.filter((each) => each.run !== undefined)) {
      expect(run).not.toContain('${{')
      expect(shell).toBe('bash')
      expect(existsSync(join(import.meta.dirname, '../..', /action\/\w+\.sh/.exec(run ?? '')?.[0] ?? 'none'))).toBe(true)
    }
  })

  it('runs the package, tells verdict and exit code, writes summary and comment, and does not fail before these are out', async () => {
    const within = project()
    const told = await act('medianest-perf', within, { ARGS: 'compare sizes-main.json worse.json', VERSION: '1.2.3', MEDIANEST_PERF_KEY: 'ci-web', COMMENT_FILE: join(within.folder, 'comment.md') })
    expect(told.code).toBe(0)
    expect(within.read('npx.log')).toMatch(/^--yes medianest-perf@1\.2\.3 --output comment=\S+ compare sizes-main\.json worse\.json$/m)
    expect(within.read('outputs')).toBe('verdict=fail\nexit-code=1\nexit-code=1\n')
    expect(told.err).toMatch(/^::error title=compare%3Asize app::/m)
    expect(within.read('summary.md')).toMatch(/^### ❌ compare: fail/)
    expect(within.read('comment.md')).toMatch(/^<!-- medianest-perf:compare:ci-web -->\n/)
  })

  it('runs a checkout instead where a path names one', async () => {
    const within = project()
    await act('medianest-perf', within, { ARGS: 'compare sizes-main.json sizes.json', PROGRAM: join(import.meta.dirname, '../../bin/medianest-perf.js') })
    expect([within.read('npx.log'), within.read('outputs')]).toEqual(['', 'verdict=ok\nexit-code=0\nexit-code=0\n'])
  })

  it('leaves the command that bench times as it is', async () => {
    const within = project()
    await act('medianest-perf', within, { ARGS: 'bench --runs 1 --warmup 0 -- sh -c "[ $# = 0 ]" sh', COMMENT_FILE: join(within.folder, 'comment.md') })
    expect([within.read('outputs'), within.read('comment.md').split('\n')[0]]).toEqual(['verdict=ok\nexit-code=0\nexit-code=0\n', '<!-- medianest-perf:bench:default -->'])
  })

  it.each<[string, string, readonly string[]]>([
    ['words with spaces in quotes', `--gate "http.duration p(95)" 'a b'`, ['--gate', 'http.duration p(95)', 'a b']],
    ['patterns, and what matches no file as it is', 'sizes*.json http://h/a?b=[1]', ['sizes-main.json', 'sizes.json', 'http://h/a?b=[1]']],
    ['lines', 'compare\n  worse.json\n', ['compare', 'worse.json']],
    ['commands and variables as mere text', '$(touch hacked) `touch hacked` ; $HOME', ['$(touch', 'hacked)', '`touch', 'hacked`', ';', '$HOME']],
  ])('takes %s', async (_, args, words) => {
    const within = project()
    within.write('print.mjs', `console.log(JSON.stringify(process.argv.slice(2)))`)
    const { out } = await act('medianest-perf', within, { ARGS: args, PROGRAM: 'print.mjs' })
    expect(JSON.parse(out)).toEqual(words)
    expect(existsSync(join(within.folder, 'hacked'))).toBe(false)
  })

  it.each([['', 'is empty'], ['compare "a', 'cannot be read']])('refuses args "%s"', async (args, why) => {
    const within = project()
    const { out } = await act('medianest-perf', within, { ARGS: args })
    expect(out).toContain(`::error title=medianest-perf::the input args ${why}`)
    expect(within.read('outputs')).toBe('exit-code=64\n')
  })

  it('a program that cannot be started is no verdict', async () => {
    const within = project()
    within.write('bin/npx', '#!/bin/sh\nexit 127\n', 0o755)
    await act('medianest-perf', within, { ARGS: 'compare a b' })
    expect(within.read('outputs')).toBe('exit-code=127\n')
  })

  it.each([['1', 'true', 1], ['1', 'false', 0], ['0', 'true', 0], ['65', 'false', 65], ['', 'false', 70]])('ends with the exit code %s, with fail: %s as %d', async (code, fail, ends) => {
    expect((await act('verdict', project(), { EXIT_CODE: code, FAIL: fail })).code).toBe(ends)
  })
})

describe('the comment of the action', () => {
  const env = { COMMENT_FILE: 'comment.md', REPOSITORY: 'o/r', NUMBER: '7', AUTHOR: 'github-actions[bot]', GH_TOKEN: 't' }
  const bot = { login: 'github-actions[bot]' }
  async function post(comments: readonly object[], more: Record<string, string> = {}, text = TEXT): Promise<Ran & { readonly calls: string[] }> {
    const within = project()
    within.write('comments.json', JSON.stringify(comments))
    within.write('comment.md', text)
    const ran = await act('comment', within, { ...env, ...more })
    return { ...ran, calls: within.calls() }
  }

  it('is new where there is none of this command and key', async () => {
    const { calls, code } = await post([{ id: 1, user: bot, body: '<!-- medianest-perf:compare:api -->\n' }, { id: 2, user: bot, body: `quoted: ${TEXT}` }])
    expect({ calls, code }).toEqual({ calls: ['POST repos/o/r/issues/7/comments <!-- medianest-perf:compare:web -->'], code: 0 })
  })

  it('takes the place of the first that an earlier run has left', async () => {
    expect((await post([{ id: 1, user: { login: 'else' }, body: TEXT }, { id: 5, user: bot, body: TEXT }, { id: 6, user: bot, body: TEXT }])).calls).toEqual(['PATCH repos/o/r/issues/comments/5 <!-- medianest-perf:compare:web -->'])
  })

  it.each<[string, Record<string, string>, string, string]>([
    ['that may not be written is a warning, for pull requests from forks have no right to', { GH_FAILS: '1' }, TEXT, 'pull-requests: write'],
    ['without a text', {}, '', 'no text'],
    ['whose mark could be a program', {}, '<!-- medianest-perf:a") | halt -->\n', 'does not begin with its mark'],
    ['of a run that belongs to no pull request', { NUMBER: '' }, TEXT, 'no pull request'],
    ['of an author that could be a program', { AUTHOR: 'x" or true' }, TEXT, 'comment-author'],
  ])('%s: nothing is written, and the run goes on', async (_, more, text, warning) => {
    const { calls, code, out } = await post([], more, text)
    expect({ calls, code }).toEqual({ calls: [], code: 0 })
    expect(out).toMatch(/^::warning title=medianest-perf::/)
    expect(out).toContain(warning)
  })
})

describe('the template for GitLab', () => {
  const job = template['.medianest-perf']

  it('runs the command line and finds the reports where the program writes them', async () => {
    const within = project()
    const { code, err } = await runShell(['sh', '-ec', (job?.script ?? []).join('\n')], within, { ...gitLab(within), ...job?.variables, MEDIANEST_PERF_ARGS: 'compare sizes-main.json worse.json' })
    expect(code).toBe(1)
    expect(err).toContain('for GitLab: junit and gitlab-metrics')
    expect(within.read('npx.log')).toBe('--yes medianest-perf@latest compare sizes-main.json worse.json\n')
    for (const [kind, pattern] of Object.entries(job?.artifacts?.reports ?? {})) {
      expect(pattern.startsWith(`${GITLAB_FOLDER}/*.`)).toBe(true)
      expect(within.read(pattern.replace('*', 'compare')), kind).not.toBe('')
    }
    expect(Object.keys(job?.artifacts?.reports ?? {})).toEqual(['junit', 'metrics'])
  })

  it('keeps no result of a merge request', async () => {
    const within = project()
    within.write('budget.json', '{}')
    expect((await runShell(['sh', '-ec', (job?.after_script ?? []).join('\n')], within, { ...gitLab(within), ...job?.variables, MEDIANEST_PERF_KEEP: 'budget.json', CI_MERGE_REQUEST_IID: '7' })).code).toBe(0)
    expect(within.read('npx.log')).toBe('')
  })

  it('has jobs that extend what is there', () => {
    for (const each of Object.values(template) as { extends?: string }[]) if (each.extends !== undefined) expect(template).toHaveProperty([each.extends])
  })
})

describe('what docs/ci.md shows', () => {
  const page = ours('docs/ci.md')
  const blocks = (language: string): string[] => [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text)
  interface Used {
    readonly run?: string
    readonly uses?: string
    readonly with?: Readonly<Record<string, string>>
  }
  const steps = blocks('yaml').map((text) => parse(text) as unknown).flatMap((value) => (Array.isArray(value) ? (value as Used[]) : ((value as { steps?: Used[] }).steps ?? [])))

  it.each(steps.flatMap(({ run }) => (run === undefined ? [] : [run])))('runs as a step of GitHub: %s', async (run) => {
    const within = project()
    expect((await runShell(run, within, gitHub(within))).code).toBe(0)
    expect(within.read('outputs')).toBe('verdict=ok\nexit-code=0\n')
    expect(within.read('summary.md')).toMatch(/^### ✅/)
  })

  it.each(steps.flatMap(({ with: given }) => (given === undefined ? [] : [[given['args'] ?? '', given] as const])))('runs with the action: %s', async (args, given) => {
    expect(Object.keys(given).filter((name) => !Object.hasOwn(action.inputs, name))).toEqual([])
    const within = project()
    if (given['keep'] !== undefined) {
      await act('medianest-perf', within, { ARGS: 'budget --output json=budget.json' })
      const kept = await act('results become baselines', within, { ARGS: `baseline save ${given['keep']}`, FAIL_NOW: 'true' })
      expect({ code: kept.code, runs: within.list('.medianest-perf/baselines/main').length }).toEqual({ code: 0, runs: 1 })
      within.write('outputs', '')
    }
    await act('medianest-perf', within, { ARGS: args, COMMENT_FILE: join(within.folder, 'comment.md') })
    expect(within.read('outputs')).toMatch(/^verdict=ok\nexit-code=0\n/)
    expect(within.read('comment.md')).toMatch(/^<!-- medianest-perf:/)
  })

  it.each(blocks('sh').flatMap((text) => text.split('\n').filter((line) => line !== '')))('runs in any shell: %s', async (line) => {
    const within = project()
    within.write('bin/medianest-perf', '#!/bin/sh\nexec npx --yes medianest-perf "$@"\n', 0o755)
    const { code, out, err } = await runShell(line, within, {})
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).not.toBe('')
  })

  it.each(blocks('yaml').filter((text) => text.includes('extends:')).flatMap((text) => Object.entries(parse(text) as Record<string, { extends?: string; variables?: Record<string, string> }>)).filter(([, job]) => job.extends !== undefined))('runs as a job of GitLab: %s', async (_, { extends: base = '', variables }) => {
    const within = project()
    const env: Record<string, string> = { ...gitLab(within), CI_COMMIT_BRANCH: 'main', ...template[base]?.variables, ...variables }
    const run = async (part: 'script' | 'after_script'): Promise<number | null> => (await runShell(['sh', '-ec', (template[base]?.[part] ?? ['exit 99']).join('\n')], within, env)).code
    if (variables?.['MEDIANEST_PERF_KEEP'] !== undefined) expect([await run('script'), await run('after_script')]).toEqual([2, 0]) // nothing to stand beside yet
    expect(await run('script')).toBe(0)
    expect(within.read(`medianest-perf-reports/${env['MEDIANEST_PERF_ARGS']?.split(' ')[0] ?? ''}.junit.xml`)).toContain('failures="0"')
  })
})
