import { ruleName } from '../analysis/judge.ts'
import { UserError, type Position } from '../model/error.ts'
import { METRICS, metricNamed, type Metric } from '../model/metric.ts'
import type { Flow, Json, Plan, RateSegment, RequestStep } from '../model/plan.ts'
import type { ThresholdRule } from '../model/threshold.ts'

/** The body of the Performance API's load test, as far as a plan fills it. */
export interface LoadTestBody {
  readonly testName: string
  readonly targetUrl?: string
  readonly scenarios: readonly { readonly name: string; readonly weight: number; readonly target: string; readonly method: RequestStep['method']; readonly parameters?: Readonly<Record<string, Json>>; readonly headers?: Readonly<Record<string, string>>; readonly body?: Json }[]
  readonly load: { readonly phases: readonly { readonly name: string; readonly duration: number; readonly arrivalRate: number; readonly rampTo?: number }[] }
  readonly thresholds?: Readonly<Record<string, readonly string[]>>
}

/** Templates that are functions are filled in by whoever sends; a variable is known here alone. */
const VARIABLE = /\{\{\s*(?!\$)[^}]*\}\}/
/** What this machine's environment holds, an instance does not have. */
const ENVIRONMENT = /\{\{\s*\$(?:env|processEnvironment)\b[^}]*\}\}/

/** A plan as the body of an instance's load test; `target` is null for the one the instance has of its own. Throws UserError `NOT_REMOTE` that names the part which the body has no words for. */
export function apiBody(plan: Plan, target: string | null): LoadTestBody {
  const [workload, second] = plan.workloads
  if (workload === undefined || second !== undefined) throw cannot(`${plan.workloads.length} workloads at once`, 'a load test of an instance has one')
  if (workload.model !== 'open') throw cannot(workload.model === 'closed' ? 'users who wait for their answers' : 'a number of iterations', 'a load test of an instance is told who arrives: by phases with an arrivalRate')
  if (plan.settings.connections) throw cannot('autocannon\'s connections', 'a load test of an instance is told who arrives: by phases with an arrivalRate')
  if (workload.startMs > 0) throw cannot('a workload that begins later', 'begin with a phase whose arrivalRate is 0')
  if (plan.payloads.length > 0) throw cannot('rows of a CSV file', 'the file lies here; use functions such as {{ $randomString }}')
  if (Object.keys(plan.targets).length > 0) throw cannot('several targets', 'an instance sends to one')
  if (plan.settings.tls.insecure || plan.settings.tls.caFile !== undefined || plan.settings.tls.certFile !== undefined) throw cannot('TLS settings', 'the instance verifies certificates by its own')
  const thresholds = thresholdsOf(plan)
  return {
    testName: plan.name.slice(0, 200),
    ...(target === null ? {} : { targetUrl: target }),
    scenarios: workload.flows.map(({ flow, weight }) => ({ ...scenarioOf(plan.flows[flow], plan), weight })),
    load: { phases: workload.segments.map(phaseOf) },
    ...(Object.keys(thresholds).length === 0 ? {} : { thresholds }),
  }
}

/** What goes without being said over there, for the reader of the result. */
export function unsaidNotes(plan: Plan): string[] {
  return [
    'the instance sent the requests: times and failures are as it saw them, with its own timeouts',
    ...(plan.thresholds.some(({ abortOnFail }) => abortOnFail) ? ['a threshold that ends the run is judged at its end: an instance goes on'] : []),
  ]
}

function phaseOf({ name, durationMs, from, to, arrivals, maxUsers }: RateSegment): LoadTestBody['load']['phases'][number] {
  if (arrivals !== undefined) throw cannot(`an exact number of arrivals (phase "${name}")`, 'give the phase an arrivalRate')
  if (maxUsers !== null) throw cannot(`a cap of users (phase "${name}")`, 'leave out maxVusers or maxVUs: the instance has a cap of its own')
  return { name, duration: durationMs / 1_000, arrivalRate: from, ...(to === from ? {} : { rampTo: to }) }
}

function scenarioOf(flow: Flow | undefined, plan: Plan): Omit<LoadTestBody['scenarios'][number], 'weight'> {
  const [step, ...more] = flow?.steps ?? []
  const name = flow?.name ?? ''
  if (step?.kind !== 'request' || more.length > 0) throw cannot(more.length > 0 ? `a flow of several steps ("${name}")` : `a flow without a request ("${name}")`, 'a scenario of an instance is one request: give each a scenario of its own', step?.kind === 'request' ? step.where : undefined)
  const refuse = (what: string, hint: string): UserError => cannot(`${what} ("${name}")`, hint, step.where)
  const extra = ([['captures', 'captured values'], ['expects', 'expectations']] as const).find(([key]) => step[key].length > 0)
  if (extra) throw refuse(extra[1], 'leave them out: a scenario of an instance is one request, judged by its status')
  if (Object.keys(step.cookies).length > 0) throw refuse('cookies', 'send them as the header "cookie"')
  if (step.auth !== undefined) throw refuse('a name and password', 'send the header "authorization"')
  if (step.ifTrue !== undefined) throw refuse('a condition', 'leave out ifTrue')
  if (step.metric !== undefined) throw refuse('a metric of its own', 'leave it out')
  if (step.timeoutMs !== undefined || step.followRedirects !== undefined) throw refuse('a timeout or redirects of a request', 'leave them out: the instance goes by its own')
  if (step.body.kind === 'form' || step.body.kind === 'text') throw refuse('a body that is no JSON', 'send JSON')
  const body = step.body.kind === 'json' ? { body: step.body.value } : {}
  const told = { target: pathOf(step, plan, refuse), method: step.method, ...(Object.keys(step.query).length > 0 ? { parameters: step.query } : {}), ...(Object.keys(step.headers).length > 0 ? { headers: step.headers } : {}), ...body }
  const text = JSON.stringify(told)
  const template = (VARIABLE.exec(text) ?? ENVIRONMENT.exec(text))?.[0]
  if (template !== undefined) throw refuse(`the template ${template.slice(0, 80)}`, 'an instance knows functions such as {{ $randomString }}, and no variables')
  return { name, ...told }
}

function pathOf({ url }: RequestStep, { target }: Plan, refuse: (what: string, hint: string) => UserError): string {
  if (!/^https?:\/\//i.test(url)) return url.startsWith('/') ? url : `/${url}`
  if (!URL.canParse(url) || !URL.canParse(target) || new URL(url).origin !== new URL(target).origin) throw refuse('a request to another server than the target', 'an instance sends to one')
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`
}

/** Thresholds in k6's names and bare numbers, which every instance knows. */
function thresholdsOf({ thresholds, metrics }: Plan): Readonly<Record<string, readonly string[]>> {
  const told: Record<string, string[]> = {}
  for (const rule of thresholds) {
    if (metricNamed(rule.metric) === undefined || Object.hasOwn(metrics, rule.metric)) throw cannot(`a threshold of the scenario's own metric "${rule.metric}"`, 'judge a metric of the catalogue', rule.where)
    const key = keyOf(rule)
    told[key] = [...(told[key] ?? []), textOf(rule)]
  }
  return told
}

function keyOf(rule: ThresholdRule): string {
  const name = metricNamed(rule.metric)
  const metric: Metric | undefined = name && METRICS[name]
  return ruleName({ metric: metric?.aliases.find((alias) => /^[a-z_]+$/.test(alias)) ?? rule.metric, tags: rule.tags })
}

function textOf({ threshold: { statistic, operator, limit } }: ThresholdRule): string {
  return `${statistic.kind === 'p' ? `p(${statistic.percent})` : statistic.kind}${operator}${limit}`
}

function cannot(what: string, hint: string, where?: Position): UserError {
  return new UserError({ code: 'NOT_REMOTE', kind: 'input', message: `a load test of an instance has no words for ${what}`, hint: `${hint}; or leave out --remote, and this machine sends the requests`, where })
}
