import { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'

function problem(code: string, kind: UserError['kind'], message: string, hint: string): UserError {
  return new UserError({ code, kind, message, hint })
}

/** The page's address is none that a browser is sent to here. */
export function addressNotValid(url: string): UserError {
  return problem('INVALID_VALUE', 'usage', `"${plain(url.replace(/\/\/[^/@]*@/, '//'), 200)}" is not the address of a page`, 'write it like https://example.com/media, without a user name and password')
}

/** A number of runs that cannot be. */
export function runsNotValid(runs: number): UserError {
  return problem('INVALID_VALUE', 'usage', `a page cannot be measured ${runs} times`, 'give a whole number from 1 to 50; 3 or 5 are usual')
}

/** No Lighthouse is installed. */
export function noLighthouse(): UserError {
  return problem('NO_LIGHTHOUSE', 'usage', 'Lighthouse is not installed: it is neither in node_modules/.bin here or above nor on the PATH', 'npm install --save-dev lighthouse (version 13 asks for Node 22, version 12 for Node 18)')
}

/** No browser is installed; `path` where CHROME_PATH names one. */
export function noBrowser(path?: string): UserError {
  if (path !== undefined) return problem('NO_BROWSER', 'usage', `CHROME_PATH names ${plain(path, 200)}, which cannot be run`, 'correct it, or take it out so that Chromium is looked for')
  return problem('NO_BROWSER', 'usage', 'neither Chromium nor Chrome was found on the PATH', 'apt install chromium, or name it in CHROME_PATH')
}

/** The browser ended, or never said where it listens. */
export function browserFailed(path: string, said: string): UserError {
  return problem('BROWSER_FAILED', 'input', `${plain(path, 200)} did not start or crashed${said === '' ? '' : `: ${plain(said, 300)}`}`, 'try it by hand with --headless=new --dump-dom about:blank; in a container it may lack shared memory (docker run --shm-size=1g)')
}

/** Nothing takes a connection where the page is said to be. */
export function nothingAnswers(url: string, reason: string, hint = 'see that the address is right and that the server is running'): UserError {
  return problem('UNREACHABLE', 'unreachable', `nothing answers at ${plain(url, 200)}: ${reason}`, hint)
}

/** Lighthouse could not load the page. */
export function pageFailed(url: string, code: string, said: string): UserError {
  return problem('PAGE_FAILED', 'unreachable', `Lighthouse could not measure ${plain(url, 200)}: ${plain(said === '' ? code : `${code}, ${said}`, 300)}`, 'open the page in a browser on this machine')
}

/** Lighthouse ended without a report. */
export function lighthouseFailed(path: string, how: string, said: string): UserError {
  return problem('LIGHTHOUSE_FAILED', 'input', `${plain(path, 200)} ${how} and wrote no report${said === '' ? '' : `: ${plain(said, 300)}`}`, 'try it by hand: lighthouse URL --output=json; does its version run with this Node?')
}

/** A run took longer than any does. */
export function tooSlow(url: string, limitMs: number): UserError {
  return problem('PAGE_FAILED', 'unreachable', `Lighthouse was not done with ${plain(url, 200)} after ${Math.round(limitMs / 1_000)} s`, 'does the page load in a browser on this machine?')
}
