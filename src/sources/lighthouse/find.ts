import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, dirname, join, resolve } from 'node:path'
import { noBrowser, noLighthouse } from './errors.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Where an installed Lighthouse is: in `node_modules/.bin` from `cwd` upwards, then on the PATH. Throws UserError `NO_LIGHTHOUSE`. */
export async function findLighthouse(cwd: string, env: Env): Promise<string> {
  const found = await firstRunnable([...upwards(resolve(cwd)).map((folder) => join(folder, 'node_modules', '.bin', 'lighthouse')), ...onPath(['lighthouse'], env)])
  if (found === undefined) throw noLighthouse()
  return found
}

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const APPS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

/** Where an installed Chromium or Chrome is: CHROME_PATH, or a usual name on the PATH. Throws UserError `NO_BROWSER`. */
export async function findBrowser(env: Env): Promise<string> {
  const named = env['CHROME_PATH']
  if (named !== undefined && named !== '') {
    if (await isRunnable(named)) return named
    throw noBrowser(named)
  }
  const found = await firstRunnable([...onPath(BROWSERS, env), ...APPS])
  if (found === undefined) throw noBrowser()
  return found
}

function upwards(folder: string): string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...upwards(above)]
}

function onPath(names: readonly string[], env: Env): string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}

async function firstRunnable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isRunnable(path)) return path
  return undefined
}

async function isRunnable(path: string): Promise<boolean> {
  return Promise.all([stat(path), access(path, constants.X_OK)]).then(([found]) => found.isFile(), () => false)
}
