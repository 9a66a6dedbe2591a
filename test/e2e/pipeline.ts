import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const BIN = join(ROOT, 'bin/medianest-perf.js')

/** A project that a pipeline works in, with a build that is within its budget and results to compare: `worse` is 40 % larger. */
export interface Project {
  readonly folder: string
  /** A file of it; empty where there is none. */
  read(name: string): string
  write(name: string, text: string, mode?: number): void
  /** Names in a folder of it. */
  list(name: string): string[]
  /** What the fake `gh` was asked, a line each. */
  calls(): string[]
}

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Makes a project, and beside it an `npx` that runs this program and a `gh` that knows the comments in comments.json. */
export function project(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-pipeline-'))
  const write = (name: string, text: string, mode = 0o644): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
    chmodSync(join(folder, name), mode)
  }
  const read = (name: string): string => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')
  const size = (bytes: number): string => JSON.stringify([{ name: 'app', passed: true, size: bytes }])
  write('sizes-main.json', size(100_000))
  write('sizes.json', size(100_100))
  write('worse.json', size(140_000))
  write('dist/app.js', 'x'.repeat(100_000))
  write('budget.yaml', 'bundles:\n  app: {files: dist/app.js, max: 120KB}\n')
  write('.git/HEAD', 'ref: refs/heads/main\n')
  write('bin/npx', `#!/bin/sh\nprintf '%s\\n' "$*" >> "${folder}/npx.log"\n[ "$1" = --yes ] && shift 2\nexec "${process.execPath}" "${BIN}" "$@"\n`, 0o755)
  write('bin/gh.cjs', GH)
  write('bin/gh', `#!/bin/sh\nexec "${process.execPath}" "${folder}/bin/gh.cjs" "$@"\n`, 0o755)
  const list = (name: string): string[] => (existsSync(join(folder, name)) ? readdirSync(join(folder, name)) : [])
  return { folder, read, write, list, calls: () => read('gh.log').split('\n').filter((line) => line !== '') }
}

// It finds what a filter such as ours is to find, and keeps what it was given to write.
const GH = `
const { appendFileSync, existsSync, readFileSync } = require('node:fs')
const args = process.argv.slice(2)
const after = (flag) => args[args.indexOf(flag) + 1]
const path = args.find((arg) => arg.startsWith('repos/'))
if (process.env.GH_FAILS) { console.error('gh: Resource not accessible by integration (HTTP 403)'); process.exit(1) }
if (!process.env.GH_TOKEN) { console.error('gh: no token'); process.exit(4) }
if (args.includes('--jq')) {
  const [, author, mark] = /user\\.login == "([^"]*)".*startswith\\("([^"]*)"\\)/.exec(after('--jq'))
  const all = existsSync('comments.json') ? JSON.parse(readFileSync('comments.json', 'utf8')) : []
  for (const { id, user, body } of all) if (user.login === author && body.startsWith(mark)) console.log(id)
} else {
  appendFileSync('gh.log', after('--method') + ' ' + path + ' ' + readFileSync(after('--field').replace('body=@', ''), 'utf8').split('\\n')[0] + '\\n')
}
`

/** Runs a script in the project as a pipeline does: with nothing of this process's environment but the path. */
export async function runShell(script: string | readonly string[], { folder }: Project, env: Readonly<Record<string, string>>): Promise<Ran> {
  const [program = 'bash', ...args] = typeof script === 'string' ? ['bash', '-c', script] : script
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: [join(folder, 'bin'), process.env['PATH'] ?? ''].join(delimiter), HOME: folder, ...env } })
  const text = { out: '', err: '' }
  child.stdout.on('data', (bytes) => (text.out += String(bytes)))
  child.stderr.on('data', (bytes) => (text.err += String(bytes)))
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, ...text }
}

/** The environment of a step on GitHub, its files in the project. */
export function gitHub({ folder }: Project): Record<string, string> {
  return { GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_OUTPUT: join(folder, 'outputs'), GITHUB_STEP_SUMMARY: join(folder, 'summary.md'), GITHUB_ACTION_PATH: ROOT }
}

/** The environment of a job on GitLab. */
export function gitLab({ folder }: Project): Record<string, string> {
  return { GITLAB_CI: 'true', CI: 'true', CI_PROJECT_DIR: folder }
}

/** A file of this repository. */
export function ours(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8')
}
