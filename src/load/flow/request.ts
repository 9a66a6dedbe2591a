import type { LoadSettings, RequestStep, Tags } from '../../model/plan.ts'
import type { Origin, SendOptions } from '../exchange.ts'
import { compileBody } from './body.ts'
import { compileCapture, type CompiledCapture } from './capture.ts'
import { compileCookies, mergeCookies } from './cookie.ts'
import { compileDestination, parseOrigin, relativeUrl, type Destination } from './destination.ts'
import { compileExpectation, type CompiledExpectation } from './expect.ts'
import { compileHeader, compileLines, headerValue, type HeaderField } from './header.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, type DeclaredNames, type Template } from './template.ts'
import { wireText } from './wire-text.ts'

/** A request step made ready: what the run sends, and what it is recorded under. */
export interface CompiledRequest {
  /** Counts from 0 over all flows of a plan, so that recorders can keep arrays. */
  readonly id: number
  readonly name: string
  /** The name of the flow it is a step of. */
  readonly flow: string
  readonly method: string
  /** The step's own, and `group` when it is in one. */
  readonly tags: Tags
  /** The metric its response time is recorded under too. */
  readonly metric: string | null
  readonly step: RequestStep
  /** Where it always goes; null when a template decides. */
  readonly origin: Origin | null
  readonly captures: readonly CompiledCapture[]
  readonly expectations: readonly CompiledExpectation[]
  /** Whether an expectation judges the status. */
  readonly judgesStatus: boolean
  /** Redirects followed at most; 0 for none. */
  readonly redirects: number
  readonly options: SendOptions
  /** The whole request where nothing in it changes. */
  readonly bytes: Buffer | null
  /** Fills in what changes. Throws UnsendableRequest when the result must not be sent. */
  readonly prepare: (scope: Scope) => PreparedRequest
}

/** A request filled in, without the cookies of the user's jar. Every text holds one character a byte. */
export interface PreparedRequest extends Destination {
  readonly method: string
  /** The authored Host header; null for the origin's. */
  readonly host: string | null
  /** Header lines but Host and Cookie, each ended by CR LF. */
  readonly fields: string
  /** The step's own cookies. */
  readonly cookies: string
  readonly body: string
}

/** What a request is compiled in. */
export interface RequestContext {
  readonly id: number
  readonly flow: string
  /** Names of the groups around it, outermost first; '' for none. */
  readonly group: string
  /** An http or https address, which may hold templates. */
  readonly target: string
  readonly settings: Pick<LoadSettings, 'timeoutMs' | 'keepAlive' | 'followRedirects' | 'maxRedirects'>
  readonly declared?: DeclaredNames
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
/** Methods whose missing body is said to be empty (RFC 9110 8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])
/** Set by us, or put elsewhere. */
const OURS: ReadonlySet<string> = new Set(['host', 'cookie', 'content-length'])

/** Compiles a request step. Throws a UserError for anything in it that can be known to be wrong before the run. */
export function compileRequest(step: RequestStep, { id, flow, group, target, settings, declared }: RequestContext): CompiledRequest {
  const captures = step.captures.map((capture) => compileCapture(capture, declared))
  const expectations = step.expects.map((expectation) => compileExpectation(expectation, declared))
  const { prepare, constant, origin } = compilePreparation(step, target, settings.keepAlive, declared)
  const following = step.followRedirects ?? settings.followRedirects
  return {
    id, flow, name: step.name, method: step.method, step, captures, expectations, prepare,
    tags: group === '' ? step.tags : { ...step.tags, group },
    metric: step.metric ?? null,
    judgesStatus: expectations.some(({ judgesStatus }) => judgesStatus),
    redirects: following ? settings.maxRedirects : 0,
    options: {
      ...methodOptions(step.method),
      keepBody: [...captures, ...expectations].some(({ needsBody }) => needsBody),
      timeoutMs: step.timeoutMs ?? settings.timeoutMs,
    },
    origin,
    bytes: constant ? Buffer.from(writeRequest(constant, ''), 'latin1') : null,
  }
}

/** What a method says about how it may be sent. */
export function methodOptions(method: string): Pick<SendOptions, 'head' | 'idempotent'> {
  return { head: method === 'HEAD', idempotent: IDEMPOTENT.has(method) }
}

/** A request as it goes over the wire, one character a byte. */
export function writeRequest({ method, origin, path, host, fields, cookies, body }: PreparedRequest, kept: string): string {
  const cookie = mergeCookies(cookies, kept)
  return `${method} ${path} HTTP/1.1\r\nHost: ${host ?? origin.authority}\r\n${fields}${cookie === '' ? '' : `Cookie: ${cookie}\r\n`}\r\n${body}`
}

interface Preparation {
  readonly origin: Origin | null
  readonly constant: PreparedRequest | null
  readonly prepare: (scope: Scope) => PreparedRequest
}

function compilePreparation(step: RequestStep, target: string, keepAlive: boolean, declared: DeclaredNames | undefined): Preparation {
  const { method, where } = step
  const destination = compileDestination(step, target, declared)
  const body = compileBody(step, declared)
  const authored = Object.entries(step.headers).map(([name, value]) => compileHeader(name, value, where, declared))
  const own = (name: string): HeaderField | undefined => authored.findLast((field) => field.name.toLowerCase() === name)

  const host = own('host')
  const cookies = compileCookies(step.cookies, own('cookie')?.value ?? null, where, declared)
  const defaults = (['User-Agent: medianest-perf', 'Accept: */*', ...(body ? [`Content-Type: ${body.type}`] : []), ...(keepAlive ? [] : ['Connection: close'])])
    .map((line) => line.split(': ', 2))
    .filter(([name = '']) => !own(name.toLowerCase()))
    .map(([name = '', value = '']) => compileHeader(name, value, where))
  const sent = authored.filter((field) => !OURS.has(field.name.toLowerCase()) && own(field.name.toLowerCase()) === field)
  const lines = compileLines([...sent, ...defaults, ...authorization(step, target, declared, own('authorization') !== undefined)])

  const finish = (to: Destination, hostText: string | null, fields: string, cookieText: string, bodyText: string | null): PreparedRequest => {
    const bytes = wireText(bodyText ?? '')
    const length = bodyText !== null || WITH_BODY.has(method) ? `Content-Length: ${bytes.length}\r\n` : ''
    return { origin: to.origin, path: to.path, method, host: hostText, fields: fields + length, cookies: cookieText, body: bytes }
  }
  const constantHost = host ? host.value.constant : null
  if (destination.constant && lines.constant !== null && cookies.constant !== null && (!body || body.text.constant !== null) && (!host || constantHost !== null)) {
    const constant = finish(destination.constant, constantHost === null ? null : wireText(constantHost), lines.constant, cookies.constant, body?.text.constant ?? null)
    return { origin: constant.origin, constant, prepare: () => constant }
  }
  const prepare = (scope: Scope): PreparedRequest =>
    finish(destination.make(scope), host ? headerValue(host, scope) : null, lines.render(scope), cookies.render(scope), body ? body.text.render(scope) : null)
  return { origin: destination.origin, constant: null, prepare }
}

/** Basic authentication (RFC 7617), from the step or from the address itself. */
function authorization({ auth, url, where }: RequestStep, target: string, declared: DeclaredNames | undefined, authored: boolean): HeaderField[] {
  if (authored) return []
  const written = relativeUrl(url, declared)
  // A url that begins with a template may lead away from the target, whose password is for the target alone.
  const address = written.startsWith('{{') ? null : parseOrigin(/^https?:/i.test(written) ? written : target)
  const pair = auth ?? (address && address.user !== '' ? { user: address.user, pass: address.password } : null)
  if (!pair) return []
  const user = compileTemplate(pair.user, where, declared)
  const pass = compileTemplate(pair.pass, where, declared)
  const encode = (userText: string, passText: string): string => `Basic ${Buffer.from(`${userText}:${passText}`, 'utf8').toString('base64')}`
  if (user.constant !== null && pass.constant !== null) return [compileHeader('Authorization', encode(user.constant, pass.constant), where)]
  const render = (scope: Scope): string => encode(user.render(scope), pass.render(scope))
  const value: Template = { text: '', constant: null, render, evaluate: render }
  return [{ name: 'Authorization', value }]
}
