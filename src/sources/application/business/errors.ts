import { UserError } from '../../../model/error.ts'
import { plain, plural } from '../../../model/text.ts'

const refuse = (code: string, message: string, hint: string): UserError => new UserError({ code, kind: 'input', message, hint })

/** A source without a question. */
export function noQuestions(keys: readonly string[]): UserError {
  return refuse('NO_QUESTION', 'a source of type business asks for nothing', `give it at least one of ${keys.join(', ')}`)
}

/** A question through a source that is not configured. */
export function noSuchSource(key: string, type: string, named: string | undefined, known: readonly string[]): UserError {
  const hint = known.length === 0 ? `configure one in \`collect.sources\`: - type: ${type}` : `those there are: ${known.map((name) => plain(name, 100)).join(', ')}`
  return refuse('NO_SUCH_SOURCE', `${key} is to be asked through ${named === undefined ? `a source of type ${type}, and there is none` : `the source "${plain(named, 100)}", and there is none of that name and type ${type}`}`, hint)
}

/** A question through a source, and there are several. */
export function severalSources(key: string, type: string, known: readonly string[]): UserError {
  return refuse('NO_SUCH_SOURCE', `${key} does not say through which source of type ${type} it is asked, and there are ${known.length}`, `add \`source:\` with one of ${known.map((name) => plain(name, 100)).join(', ')}`)
}

/** A command that may write, or look at everything there is. */
export function notReading(key: string, command: string, known: readonly string[]): UserError {
  return refuse('NOT_READING', `${key} would ask Redis ${plain(command.toUpperCase(), 40)}, which is none of the commands that only read a number`, `ask one of ${known.join(', ')}`)
}

/** An address with a password in it, which is not repeated. */
export function urlWithPassword(key: string): UserError {
  return refuse('INVALID_VALUE', `the url of ${key} has a user or password in it, which would not be sent`, 'give `token: {file: ...}` or {env: ...}; a bearer token is what is sent')
}

/** An answer of SQL that is no single value. */
export function notOneValue(rows: number, columns: number): UserError {
  return refuse('NOT_ONE_VALUE', `its SQL yields ${plural(rows, 'row')} of ${plural(columns, 'column')}`, 'write it so that it yields one row of one column, as SELECT count(*) FROM jobs WHERE done_at IS NULL does')
}

/** An answer that is no number. */
export function noNumber(text: string, hint: string): UserError {
  return refuse('NO_NUMBER', `the answer "${plain(text, 60)}" is no number`, hint)
}

/** A number that cannot be what it is said to be. */
export function outOfRange(value: number, range: string, hint: string): UserError {
  return refuse('OUT_OF_RANGE', `the answer ${value} is not ${range}`, hint)
}

/** An answer of PromQL that is no single value. */
export function notOneSeries(what: string): UserError {
  return refuse('NOT_ONE_VALUE', `its PromQL yields ${what}, and one number is wanted`, 'put sum(), avg() or max() around it; where no series means none, add `or vector(0)`')
}

/** What Prometheus says of a question it does not answer. Untrusted. */
export function promqlRefused(host: string, said: string): UserError {
  return refuse('PROMQL_REFUSED', `${plain(host, 100)} refuses the question: ${plain(said, 300)}`, 'try it in the server\'s own page first')
}

/** An answer that is not that of Prometheus' API. */
export function notPrometheus(host: string, status: number): UserError {
  const hint = status === 401 || status === 403 ? 'give a `token` that may ask' : status >= 300 && status < 400 ? 'it points elsewhere, which is not followed: write the address it points to' : 'check the address: it is where /api/v1/query is, without it'
  return refuse('NOT_PROMETHEUS', `${plain(host, 100)} answers ${status}, and not as Prometheus' API does`, hint)
}

/** No question was answered. */
export function allFailed(problems: readonly string[]): UserError {
  return new UserError({ code: 'BUSINESS_FAILED', kind: 'unreachable', message: problems.join('; '), hint: problems.length === 1 ? 'its answer is wanted at every collection' : 'none of the questions was answered' })
}
