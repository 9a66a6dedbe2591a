import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { main } from '../../src/main.ts'
import { testHost } from '../host.ts'

interface Step {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly folder: string
  /** A file of the pipeline; empty where there is none. */
  readonly file: (name: string) => string
}

/** Two results of a build: `worse` is 40 % larger. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-ci-'))
  const size = (bytes: number): string => JSON.stringify([{ name: 'app', passed: true, size: bytes }])
  writeFileSync(join(folder, 'before.json'), size(100_000))
  writeFileSync(join(folder, 'same.json'), size(100_100))
  writeFileSync(join(folder, 'worse.json'), size(140_000))
  return folder
}

async function step(argv: readonly string[], env: Record<string, string>, folder = project()): Promise<Step> {
  const host = testHost(argv, { cwd: folder, env })
  const code = await main(host)
  return { code, out: host.out(), err: host.err(), folder, file: (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '') }
}

async function onGitHub(argv: readonly string[], more: Record<string, string> = {}, folder = project()): Promise<Step> {
  return step(argv, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md'), GITHUB_OUTPUT: join(folder, 'outputs'), ...more }, folder)
}

const onGitLab = async (argv: readonly string[], more: Record<string, string> = {}, folder = project()): Promise<Step> => step(argv, { GITLAB_CI: 'true', CI_PROJECT_DIR: folder, ...more }, folder)
const reports = ({ folder }: Step): string[] => (existsSync(join(folder, 'medianest-perf-reports')) ? readdirSync(join(folder, 'medianest-perf-reports')).sort() : [])

const WORSE = ['compare', 'before.json', 'worse.json']

describe('in GitHub Actions', () => {
  it('a failing comparison annotates on stderr, so that JSON on stdout stays whole, and tells summary and outputs', async () => {
    const told = await onGitHub([...WORSE, '--format', 'json'])
    expect(told.code).toBe(1)
    expect(JSON.parse(told.out)).toMatchObject({ verdict: 'fail' })
    expect(told.err).toMatch(/^::error title=compare%3Asize app::size app regressed/m)
    expect(told.file('summary.md')).toMatch(/^### ❌ compare: fail - 1 regressed\n[^]*\| size app \| 100 kB \|/)
    expect(told.file('outputs')).toBe('verdict=fail\nexit-code=1\n')
  })

  it('the result on stdout is that of any other machine', async () => {
    const folder = project()
    for (const format of ['human', 'json', 'junit']) {
      const at = (text: string): string => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|time="[\d.]+"/g, '')
      expect(at((await onGitHub([...WORSE, '--format', format], {}, folder)).out)).toBe(at((await step([...WORSE, '--format', format], {}, folder)).out))
    }
  })

  it('a summary is added to what other commands of the step have written', async () => {
    const folder = project()
    await onGitHub(['compare', 'before.json', 'same.json'], {}, folder)
    const { file } = await onGitHub(WORSE, {}, folder)
    expect(file('summary.md').match(/^### \S+ compare: \w+/gm)).toEqual(['### ✅ compare: ok', '### ❌ compare: fail'])
    expect(file('outputs')).toBe('verdict=ok\nexit-code=0\nverdict=fail\nexit-code=1\n')
  })

  it('what somebody asked for is not done twice', async () => {
    const github = await onGitHub([...WORSE, '--format', 'github'])
    expect(github.out).toMatch(/^::error/)
    expect(github.err).toBe('')
    const folder = project()
    const named = await onGitHub([...WORSE, '--output', `step-summary=${join(folder, 'summary.md')}`], {}, folder)
    expect(named.file('summary.md').match(/^###/gm)).toHaveLength(1)
    expect((await onGitHub([...WORSE, '--output', `markdown=${join(folder, 'summary.md')}`], {}, folder)).file('summary.md')).toMatch(/^<!-- medianest-perf:compare -->\n/)
  })

  it('files are named from the top of the repository, wherever in it the step works', async () => {
    const folder = project()
    mkdirSync(join(folder, 'web'))
    writeFileSync(join(folder, 'web', 'budget.yaml'), 'bundles:\n  app: {files: "*.js", max: 1kB}\n')
    writeFileSync(join(folder, 'web', 'app.js'), 'x'.repeat(5_000))
    expect((await onGitHub(['budget'], { GITHUB_WORKSPACE: folder }, join(folder, 'web'))).err).toMatch(/^::error file=web\/budget\.yaml,line=2,/)
    const gitlab = await onGitLab(['budget'], { CI_PROJECT_DIR: folder }, join(folder, 'web'))
    expect(readFileSync(join(folder, 'medianest-perf-reports', 'budget.junit.xml'), 'utf8')).toContain('classname="medianest-perf.budget.bundles" name="budget:bundles:app" time="0.000" file="web/budget.yaml"')
    expect(gitlab.out).toContain('at budget.yaml:2:')
  })

  it('a table cannot give commands to the runner', async () => {
    const folder = project()
    writeFileSync(join(folder, 'evil.json'), JSON.stringify([{ name: '::error::mine', passed: true, size: 1 }]))
    const argv = ['compare', 'evil.json', 'evil.json']
    const isCommand = /^\s*::/m
    expect((await step(argv, {}, folder)).out).not.toContain(': :error')
    expect((await onGitHub(argv, {}, folder)).out).not.toMatch(isCommand)
  })

  it('an error is annotated with its place, and the outputs say that there is no verdict', async () => {
    const { code, err, file } = await onGitHub(['compare', 'before.json', 'nowhere.json'])
    expect(code).toBe(65)
    expect(err).toMatch(/^::error title=CANNOT_READ::nowhere.json cannot be read/m)
    expect(file('summary.md')).toMatch(/^### ❌ compare: error/)
    expect(file('outputs')).toBe('verdict=error\nexit-code=65\n')
  })

  it('a summary that cannot be written is told, and changes nothing', async () => {
    const folder = project()
    mkdirSync(join(folder, 'summary.md'))
    const told = await onGitHub(['compare', 'before.json', 'same.json'], { GITHUB_OUTPUT: join(folder, 'no', 'where') }, folder)
    expect(told.code).toBe(0)
    expect(told.err).toMatch(/^the pipeline is not told all \(the result stands\): .*summary\.md cannot be written: it is a directory$/m)
    expect(told.err).toMatch(/^the pipeline is not told all .*where cannot be written: its folder does not exist$/m)
  })

  it('without files to write to there are annotations alone', async () => {
    const { err } = await step(WORSE, { GITHUB_ACTIONS: 'true' })
    expect(err).toMatch(/^::error[^\n]*\n(::notice[^\n]*\n)*compare: fail/)
  })
})

describe('in GitLab CI', () => {
  it('reports for merge requests are written into one folder of the project, told in a line', async () => {
    const told = await onGitLab([...WORSE, '--format', 'json'])
    expect(told.code).toBe(1)
    expect(told.err).toBe('for GitLab: junit and gitlab-metrics in medianest-perf-reports/compare.*\n')
    expect(reports(told)).toEqual(['compare.junit.xml', 'compare.metrics.txt'])
    expect(told.file('medianest-perf-reports/compare.metrics.txt')).toContain('medianest_compare_value_bytes{figure="size app"} 140000\n')
    expect(told.file('medianest-perf-reports/compare.junit.xml')).toContain('name="compare:size app"')
  })

  it('what somebody asked for is not done twice, and --quiet says nothing', async () => {
    const told = await onGitLab([...WORSE, '--output', 'junit=mine.xml', '--quiet'])
    expect(reports(told)).toEqual(['compare.metrics.txt'])
    expect(told.err).toBe('')
  })

  it('an error is a test case too', async () => {
    const told = await onGitLab(['compare', 'before.json', 'nowhere.json'])
    expect(told.file('medianest-perf-reports/compare.junit.xml')).toContain('<error message="nowhere.json cannot be read')
  })

  it('a folder that cannot be made is told, and changes nothing', async () => {
    const folder = project()
    writeFileSync(join(folder, 'medianest-perf-reports'), '')
    const told = await onGitLab(['compare', 'before.json', 'same.json'], {}, folder)
    expect(told.code).toBe(0)
    expect(told.err).toMatch(/^the pipeline is not told all/)
  })
})

describe('nothing of it happens', () => {
  it.each<[string, readonly string[], Record<string, string>]>([
    ['where no pipeline runs', WORSE, {}],
    ['in a pipeline that is not known', WORSE, { CI: 'true' }],
    ['with --no-ci', [...WORSE, '--no-ci'], { GITHUB_ACTIONS: 'true', GITLAB_CI: 'true' }],
    ['with --no-ci before the command', ['--no-ci', ...WORSE], { GITHUB_ACTIONS: 'true', GITLAB_CI: 'true' }],
    ['with MEDIANEST_PERF_CI=off', WORSE, { GITHUB_ACTIONS: 'true', GITLAB_CI: 'true', MEDIANEST_PERF_CI: 'off' }],
    ['for a command that is no step of a pipeline', ['schema', 'config'], { GITHUB_ACTIONS: 'true', GITLAB_CI: 'true' }],
  ])('%s', async (_, argv, env) => {
    const folder = project()
    const told = await step(argv, { GITHUB_STEP_SUMMARY: join(folder, 'summary.md'), GITHUB_OUTPUT: join(folder, 'outputs'), CI_PROJECT_DIR: folder, ...env }, folder)
    expect(told.err).toBe('')
    expect(readdirSync(folder).sort()).toEqual(['before.json', 'same.json', 'worse.json'])
  })
})

describe('the figures of a comparison', () => {
  it('are written for dashboards', async () => {
    const { out } = await step([...WORSE, '--format', 'bencher'], {})
    expect(JSON.parse(out)).toEqual({ 'size app': { 'file-size': { value: 140_000 } } })
  })
})
