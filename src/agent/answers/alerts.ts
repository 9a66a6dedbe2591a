import type { Answer, Handlers } from '../../contract/instance.ts'
import { type AlertSettings, changeAlerts, hasNotifications } from '../alert-settings.ts'
import type { Agent } from '../agent.ts'
import { alertsFor } from './open-alerts.ts'

/** Answers `GET alerts`: the thresholds in force. */
export function alertsAnswerOf(agent: Agent): Handlers['alerts'] {
  return (_, { caller }) => ({ ...told(agent.alertSettings()), alerts: alertsFor(agent, caller) })
}

/** Answers `PUT alerts`: changes what is named. */
export function setAlertsAnswerOf(agent: Agent): Handlers['setAlerts'] {
  return async ({ body }) => {
    const settings = changeAlerts(agent.alertSettings(), body)
    await agent.setAlerts(settings)
    return told(settings)
  }
}

/** The settings, and that nobody is told yet whoever they name. */
function told(settings: AlertSettings): Answer<'alerts'> {
  return { data: settings, ...(hasNotifications(settings) ? { meta: { note: 'notifications are kept, and this version sends none: let Prometheus or the live stream tell of alerts' } } : {}) }
}
