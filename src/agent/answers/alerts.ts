import type { Handlers } from '../../contract/instance.ts'
import { changeAlerts } from '../alert-settings.ts'
import type { Agent } from '../agent.ts'
import { alertsFor } from './open-alerts.ts'

/** Answers `GET alerts`: the thresholds in force. */
export function alertsAnswerOf(agent: Agent): Handlers['alerts'] {
  return (_, { caller }) => ({ data: agent.alertSettings(), alerts: alertsFor(agent, caller) })
}

/** Answers `PUT alerts`: changes what is named. */
export function setAlertsAnswerOf(agent: Agent): Handlers['setAlerts'] {
  return async ({ body }) => {
    const settings = changeAlerts(agent.alertSettings(), body)
    await agent.setAlerts(settings)
    return { data: settings }
  }
}
