import { ApiError } from '../../contract/error-code.ts'
import { type Handlers, seesAll } from '../../contract/instance.ts'
import { expectRoom, type Agent } from '../agent.ts'
import { alertsAnswerOf, setAlertsAnswerOf } from './alerts.ts'
import { applicationAnswerOf } from './application.ts'
import { healthAnswerOf } from './health.ts'
import { historyAnswerOf } from './history.ts'
import { adviceAnswerOf, insightsAnswerOf, reportAnswerOf } from './insights.ts'
import { metricsAnswerOf } from './metrics.ts'
import { optimizationAnswerOf, optimizeAnswerOf } from './optimize.ts'
import { recommendationsAnswerOf } from './recommendations.ts'
import { resourcesAnswerOf } from './resources.ts'
import { sourcesAnswerOf } from './sources.ts'
import { summaryAnswerOf } from './summary.ts'

/** An answer to every question of the contract. */
export function handlersOf(agent: Agent): Handlers {
  return {
    metrics: metricsAnswerOf(agent), application: applicationAnswerOf(agent), health: healthAnswerOf(agent), recommendations: recommendationsAnswerOf(agent), summary: summaryAnswerOf(agent),
    history: historyAnswerOf(agent), alerts: alertsAnswerOf(agent), setAlerts: setAlertsAnswerOf(agent), resources: resourcesAnswerOf(agent), optimize: optimizeAnswerOf(), optimization: optimizationAnswerOf(),
    loadTest: ({ body }, asker) => loadTestsOf(agent).start(body, asker, () => expectRoom(agent, 'a load test')),
    loadTestResults: ({ params, query }) => loadTestsOf(agent).results(params.testId, query.detailed),
    stopLoadTest: ({ params }) => loadTestsOf(agent).stop(params.testId),
    submit: ({ body }, asker) => ({ data: userMetricsOf(agent).submit(body, asker) }),
    me: ({ query }, asker) => {
      const all = query.all === 'true'
      if (all && !seesAll(asker.caller)) throw new ApiError('FORBIDDEN', 'what all users told is for administrators: leave out all=true')
      return { data: userMetricsOf(agent).me(all, asker) }
    },
    report: reportAnswerOf(agent), sources: sourcesAnswerOf(agent), insights: insightsAnswerOf(agent), advice: adviceAnswerOf(agent),
  }
}

/** Throws `ApiError` `NOT_SUPPORTED` where there are none. */
export function loadTestsOf({ loadTests }: Pick<Agent, 'loadTests'>): NonNullable<Agent['loadTests']> {
  if (!loadTests) throw new ApiError('NOT_SUPPORTED', 'this instance runs no load tests')
  return loadTests
}

function userMetricsOf({ userMetrics }: Agent): NonNullable<Agent['userMetrics']> {
  if (!userMetrics) throw new ApiError('NOT_SUPPORTED', 'this instance takes no measurements of browsers')
  return userMetrics
}
