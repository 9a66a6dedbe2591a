import type { Document, Path } from '../../document.ts'
import { unsupported } from './errors.ts'
import type { FileDialect } from './detect.ts'
import { isMap } from './overlay.ts'
import { plain } from '../../model/text.ts'

/** A documented key of another tool that is refused by name, so that nothing is passed over in silence. */
export interface Unsupported {
  readonly dialect: FileDialect
  /** Where it stands: `[]` is each of a list, `step` and `request` are those of any flow, however deep. */
  readonly path: string
  /** What it is, to be followed by "is not supported yet". */
  readonly what: string
  readonly instead: string
}

const noScripts = 'no code of a scenario is run; write it with captures, "set", "ifTrue" and expectations'
const steps = (dialect: FileDialect): Unsupported[] => [
  { dialect, path: 'step.function', what: 'calling a function', instead: noScripts },
  { dialect, path: 'step.parallel', what: 'parallel requests of one user', instead: 'send them one after another, or give each a scenario of its own' },
  { dialect, path: 'request.beforeRequest', what: 'JavaScript hooks', instead: noScripts },
  { dialect, path: 'request.afterResponse', what: 'JavaScript hooks', instead: noScripts },
  { dialect, path: 'request.formData', what: 'multipart forms', instead: 'use "form", "json" or "body"' },
  { dialect, path: 'request.setContentLengthHeader', what: 'a setting for uploads of files', instead: 'remove it: every body is sent with its length' },
  { dialect, path: 'request.probability', what: 'a request sent with a probability', instead: 'use weights of scenarios, or "ifTrue"' },
  { dialect, path: 'request.capture[].xpath', what: 'capture by XPath', instead: 'capture by json, header or regexp' },
  { dialect, path: 'request.capture[].selector', what: 'capture by CSS selector', instead: 'capture by json, header or regexp' },
  { dialect, path: 'request.capture[].transform', what: 'transforming a captured value', instead: noScripts },
  { dialect, path: 'request.match[].xpath', what: 'match by XPath', instead: 'match json, header or regexp' },
  { dialect, path: 'request.match[].selector', what: 'match by CSS selector', instead: 'match json, header or regexp' },
  { dialect, path: 'request.expect[].cdnHit', what: 'the expectation of a CDN hit', instead: 'use "headerEquals" with your CDN\'s header' },
  { dialect, path: 'request.expect[].jmespath', what: 'JMESPath', instead: 'use "hasProperty", or capture by json and "equals"' },
  { dialect, path: 'request.expect[].jpath', what: 'JMESPath', instead: 'use "hasProperty", or capture by json and "equals"' },
]
const artillery = (path: string, what: string, instead: string): Unsupported => ({ dialect: 'artillery', path, what, instead })
const k6 = (path: string, what: string, instead: string): Unsupported => ({ dialect: 'k6', path, what, instead })
const connections = (path: string, what: string, instead: string): Unsupported => ({ dialect: 'connections', path, what, instead })

/** Every documented key that is refused; the documentation lists it. */
export const UNSUPPORTED: readonly Unsupported[] = [
  artillery('before', 'a flow before the test', 'put its steps first in each scenario'),
  artillery('after', 'a flow after the test', 'run it as a scenario of its own'),
  artillery('config.processor', 'JavaScript hooks', noScripts),
  artillery('config.engines', 'choosing engines', 'remove it: scenarios are HTTP'),
  artillery('config.ws', 'WebSocket', 'only HTTP scenarios run'),
  artillery('config.socketio', 'Socket.IO', 'only HTTP scenarios run'),
  artillery('config.mode', 'choosing how arrivals are spread', 'remove it: arrivals are evenly spread'),
  artillery('config.phases[].mode', 'choosing how arrivals are spread', 'remove it: arrivals are evenly spread'),
  artillery('config.apdex', 'the Apdex score', 'judge percentiles: {http.response_time.p95: 500} under "ensure"'),
  artillery('config.includeFiles', 'bundling of files', 'remove it: files are read where they are'),
  artillery('config.bundling', 'bundling of code', 'remove it: no code of a scenario is run'),
  artillery('config.http.distributedTracing', 'trace headers of its own', 'set a traceparent header under "defaults"'),
  artillery('config.http.cookieJarOptions', 'options of the cookie jar', 'remove it: cookies follow RFC 6265'),
  artillery('config.payload[].options', 'options of the CSV parser', 'use delimiter, skipHeader and skipEmptyLines'),
  artillery('scenarios[].beforeScenario', 'JavaScript hooks', noScripts),
  artillery('scenarios[].afterScenario', 'JavaScript hooks', noScripts),
  artillery('scenarios[].beforeRequest', 'JavaScript hooks', noScripts),
  artillery('scenarios[].afterResponse', 'JavaScript hooks', noScripts),
  artillery('scenarios[].onError', 'JavaScript hooks', noScripts),
  artillery('scenarios[].testFunction', 'Playwright', 'only HTTP scenarios run'),
  artillery('scenarios[].flowFunction', 'Playwright', 'only HTTP scenarios run'),
  artillery('step.emit', 'Socket.IO', 'only HTTP scenarios run'),
  artillery('step.namespace', 'Socket.IO', 'only HTTP scenarios run'),
  artillery('step.connect', 'WebSocket', 'only HTTP scenarios run'),
  artillery('step.send', 'WebSocket', 'only HTTP scenarios run'),
  ...steps('artillery'),
  k6('rps', 'a limit of requests per second over all users', 'use the executor constant-arrival-rate'),
  k6('minIterationDuration', 'a least duration of iterations', 'end the flow with a "think"'),
  k6('tlsAuth', 'client certificates by domain', 'use the flags for a client certificate'),
  k6('tlsVersion', 'choosing the TLS version', 'remove it: the newest both sides speak is used'),
  k6('tlsCipherSuites', 'choosing cipher suites', 'remove it'),
  k6('hosts', 'a table of host names', 'use the address in "target"'),
  k6('dns', 'settings of the resolver', 'remove it'),
  k6('localIPs', 'choosing local addresses', 'remove it'),
  k6('blacklistIPs', 'refusing addresses', 'remove it: only the addresses of the flows are sent to'),
  k6('blockHostnames', 'refusing host names', 'remove it: only the addresses of the flows are sent to'),
  k6('httpDebug', 'printing of requests', 'use "log" steps'),
  k6('noCookiesReset', 'cookies kept from one iteration to the next', 'put a loop around the steps that share them'),
  k6('noVUConnectionReuse', 'new connections for each iteration', 'use noConnectionReuse for one per request'),
  k6('executionSegment', 'execution segments', 'run the whole test, or a smaller one with --scale'),
  k6('executionSegmentSequence', 'execution segments', 'run the whole test, or a smaller one with --scale'),
  k6('paused', 'starting paused', 'remove it: a test begins when it is started'),
  k6('noSetup', 'setup and teardown', 'remove it: there are none'),
  k6('noTeardown', 'setup and teardown', 'remove it: there are none'),
  k6('scenarios.*.options', 'options of the browser', 'only HTTP scenarios run'),
  ...steps('k6'),
  connections('har', 'replaying a HAR file', 'write its requests under "requests"'),
  connections('socketPath', 'Unix domain sockets', 'use an address with host and port'),
  connections('workers', 'worker threads by file', 'remove it: one worker sends'),
  connections('bailout', 'stopping after a number of errors', 'use a threshold with abortOnFail'),
  connections('form', 'multipart forms', 'use "body" with its content type'),
  connections('maxConnectionRequests', 'a number of requests for each connection', 'use "amount" for the sum'),
  connections('maxOverallRequests', 'a second word for "amount"', 'use "amount"'),
  connections('connectionRate', 'a rate for each connection', 'use "rate" for the sum'),
  connections('reconnectRate', 'reconnecting after a number of requests', 'remove it'),
  connections('idReplacement', 'replacing [<id>]', 'use {{ $uuid }}'),
  connections('forever', 'running for ever', 'give a duration'),
  connections('servername', 'choosing the TLS server name', 'remove it'),
  connections('tlsOptions', 'settings of TLS', 'use the flags for certificates'),
  connections('expectBody', 'a body that every response must have', 'write the test as Artillery or k6 does, with "expect"'),
  connections('excludeErrorStats', 'leaving errors out', 'remove it: errors never enter response times'),
]

const METHOD_KEYS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']

/** Refuses what the table lists. Throws UserError `UNSUPPORTED` with the place of the key and what to do instead. */
export function refuseUnsupported(document: Document, dialect: FileDialect): void {
  // The engine first: it explains every step that only it knows.
  for (const { path, value } of dialect === 'artillery' ? placesOf(document.value, 'scenarios[].engine', dialect) : []) {
    if (typeof value === 'string' && value !== '' && value !== 'http') throw unsupported(`the engine "${plain(value, 60)}"`, 'only HTTP scenarios run', document.at(path))
  }
  for (const entry of UNSUPPORTED) {
    if (entry.dialect !== dialect) continue
    const dot = entry.path.lastIndexOf('.')
    const key = entry.path.slice(dot + 1)
    for (const { path, value } of placesOf(document.value, entry.path.slice(0, Math.max(dot, 0)), dialect)) {
      if (isMap(value) && Object.hasOwn(value, key)) throw unsupported(`"${[...path.filter((step) => typeof step === 'string'), key].slice(-3).join('.')}" (${entry.what})`, entry.instead, document.at([...path, key], 'key'))
    }
  }
}

interface Place {
  readonly path: Path
  readonly value: unknown
}

function placesOf(root: unknown, pattern: string, dialect: FileDialect): Place[] {
  const [head = '', ...rest] = pattern.split('.')
  if (pattern === '') return [{ path: [], value: root }]
  if (head === 'step') return stepsOf(root, dialect)
  const start = head === 'request' ? stepsOf(root, dialect).flatMap((step) => METHOD_KEYS.flatMap((method) => inside(step, method))) : inside({ path: [], value: root }, head)
  return rest.reduce((places, step) => places.flatMap((place) => inside(place, step)), start)
}

/** The value under a key; with `[]` each of its list (or the one it has in place of a list), with `*` those of all keys. */
function inside(place: Place, step: string): Place[] {
  if (step === '*') return isMap(place.value) ? Object.entries(place.value).map(([key, value]) => ({ path: [...place.path, key], value })) : []
  const key = step.replace('[]', '')
  if (!isMap(place.value) || !Object.hasOwn(place.value, key)) return []
  const value = place.value[key]
  const path = [...place.path, key]
  return step.endsWith('[]') && Array.isArray(value) ? value.map((each: unknown, index) => ({ path: [...path, index], value: each })) : [{ path, value }]
}

function stepsOf(root: unknown, dialect: FileDialect): Place[] {
  const flows = dialect === 'artillery' ? ['scenarios[].flow[]'] : dialect === 'k6' ? ['flows.*', 'flows.*.flow[]', 'flows.*.steps[]'] : []
  const deeper = (place: Place): Place[] => [place, ...[...inside(place, 'loop[]'), ...inside(place, 'group').flatMap((group) => inside(group, 'steps[]'))].flatMap(deeper)]
  return flows.flatMap((flow) => placesOf(root, flow, dialect)).flatMap((place) => (Array.isArray(place.value) ? place.value.map((value: unknown, index) => ({ path: [...place.path, index], value })) : [place])).flatMap(deeper)
}
