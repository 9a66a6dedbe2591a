import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { runCommand } from '../../services/command.ts'
import { browserFailed } from './errors.ts'

/** A browser of our own, with an empty profile. */
export interface Browser {
  /** Where it takes DevTools' commands on 127.0.0.1. */
  readonly port: number
  /** Resolves with what it said when it ended by itself; never rejects. */
  readonly ended: Promise<string>
  /** Ends it with all its processes and removes its profile. */
  stop(): Promise<void>
}

/** Nothing but the page: no updates, extensions, first-run pages or throttling of what is not seen. */
const QUIET = [
  '--headless=new', '--remote-debugging-port=0', '--no-first-run', '--no-default-browser-check', '--disable-extensions', '--disable-component-extensions-with-background-pages', '--disable-background-networking',
  '--disable-component-update', '--disable-client-side-phishing-detection', '--disable-sync', '--disable-default-apps', '--disable-breakpad', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling', '--disable-ipc-flooding-protection', '--metrics-recording-only', '--mute-audio', '--password-store=basic', '--use-mock-keychain', '--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider',
]
const START_MS = 30_000
const LOOK_MS = 50

/** What a browser is started with. */
export interface BrowserRequest {
  readonly program: string
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly kill: (pid: number, signal: NodeJS.Signals) => void
  /** It is ended after this long, whatever happens. */
  readonly limitMs: number
}

/** Starts a browser in a process group of its own. It listens on a port that it chooses. Throws UserError `BROWSER_FAILED`, and the signal's reason. */
export async function startBrowser({ program, env, signal, kill, limitMs }: BrowserRequest): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'medianest-browser-'))
  const end = new AbortController()
  const abort = (): void => end.abort()
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  // The sandbox of Chromium refuses to work for root; root must not be kept out of CI containers.
  const words = [...QUIET, ...(userInfo().uid === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, 'about:blank']
  const run = runCommand({ program, words, env: { ...env, HOME: profile }, deadlineMs: limitMs, signal: end.signal, kill })
  let isOver = false
  const ended = run.then(({ stderr }) => lastLine(stderr), (error: unknown) => (error instanceof Error ? error.message : String(error))).finally(() => { isOver = true })
  const stop = async (): Promise<void> => {
    end.abort()
    await ended
    signal.removeEventListener('abort', abort)
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
  try {
    for (let waitedMs = 0; waitedMs < START_MS && !isOver; waitedMs += LOOK_MS) {
      const port = Number((await readFile(join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')).split('\n')[0])
      if (port > 0) return { port, ended, stop }
      await pause(LOOK_MS)
    }
    signal.throwIfAborted()
    throw browserFailed(program, isOver ? await ended : `it said no port within ${START_MS / 1_000} s`)
  } catch (error) {
    await stop()
    throw error
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? ''
}
