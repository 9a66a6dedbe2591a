import { type Body, contentOf, isBody, textOf, timeOf, under } from '../body.ts'
import { readTime } from '../figure.ts'

const MOST = 100
const STATES = ['started', 'scheduled', 'running', 'completed', 'failed'] as const
const FIELDS = ['type', 'id', 'name', 'status', 'description', 'estimatedDuration', 'risk'] as const

/**
 * What came of a request to optimize, as it is documented. Instances that do everything at once tell no id: `optimizationId` is then empty and the state `completed`, unless they
 * say otherwise.
 */
export function translateOptimize(body: unknown, asked: readonly string[]): unknown {
  const content = contentOf(body)
  const id = textOf(under(content, 'optimizationId') ?? under(content, 'id') ?? under(content, 'jobId'), 100)
  const word = textOf(under(content, 'status'), 40).toLowerCase()
  const list = ['optimizations', 'results', 'applied', 'actions'].map((key) => under(content, key)).find((each) => Array.isArray(each)) as readonly unknown[] | undefined // It is a list, of whatever.
  const seconds = readTime(under(content, 'estimatedDuration'), 1_000) / 1_000
  const at = timeOf(under(content, 'scheduledFor'))
  const message = textOf(under(content, 'message') ?? under(body, 'message'), 500)
  return {
    optimizationId: id, status: STATES.find((state) => state === word) ?? (id === '' ? 'completed' : 'started'),
    ...(Number.isFinite(seconds) ? { estimatedDuration: seconds } : {}), ...(at === null ? {} : { scheduledFor: new Date(at).toISOString() }),
    optimizations: (list ?? asked).slice(0, MOST).map((each) => (isBody(each) ? fieldsOf(each) : { name: textOf(each, 300) })),
    ...(message === '' ? {} : { message }),
  }
}

/** How an optimization went, as it is documented; undefined where no state is told. */
export function translateOptimization(body: unknown, optimizationId: string): unknown {
  const content = contentOf(body)
  const status = textOf(under(content, 'status') ?? under(content, 'state'), 60)
  if (status === '') return undefined
  const instant = (key: string): string | null => {
    const at = timeOf(under(content, key))
    return at === null ? null : new Date(at).toISOString()
  }
  const results = under(content, 'results')
  const duration = readTime(under(content, 'duration'), 1_000) / 1_000
  return {
    optimizationId: textOf(under(content, 'optimizationId'), 100) || optimizationId, status, startedAt: instant('startedAt'), completedAt: instant('completedAt'), duration: Number.isFinite(duration) ? duration : null,
    results: (Array.isArray(results) ? (results as readonly unknown[]) : []).slice(0, MOST).filter(isBody).map((each) => ({
      type: textOf(each['type'] ?? each['name']), status: textOf(each['status']),
      improvements: Object.fromEntries(Object.entries(isBody(each['improvements']) ? each['improvements'] : {}).slice(0, MOST).map(([key, value]) => [key, typeof value === 'number' ? String(value) : textOf(value)])),
      actions: Array.isArray(each['actions']) ? (each['actions'] as readonly unknown[]).slice(0, MOST).map((action) => textOf(action, 300)).filter((action) => action !== '') : [],
    })),
  }
}

function fieldsOf(told: Body): Body {
  const texts = FIELDS.map((key) => [key, textOf(told[key], 300)] as const).filter(([, text]) => text !== '')
  return { ...Object.fromEntries(texts), ...(typeof told['rollbackAvailable'] === 'boolean' ? { rollbackAvailable: told['rollbackAvailable'] } : {}) }
}
