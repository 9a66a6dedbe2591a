import { TIME_BUCKETS, type Traffic } from '../../model/traffic.ts'
import { labelText, type Family } from '../../output/exposition.ts'

/** The documented families of what the application answered: requests by method, route and status, and their times by method and route. */
export function trafficFamilies(traffic: Traffic): Family[] {
  const requests = new Map<string, number>()
  const times = new Map<string, number>()
  for (const { method, route, statuses, buckets, timed, seconds } of traffic) {
    for (const [status, count] of statuses) requests.set(labelText({ method, route, status: String(status) }), count)
    if (!buckets || !Number.isFinite(seconds)) continue
    const all = [...statuses.values()].reduce((sum, count) => sum + count, 0)
    // The last class holds every request that has a time, and none of the others may hold more.
    const known = Math.max(timed ?? all, ...buckets)
    for (const [index, end] of TIME_BUCKETS.entries()) times.set(`_bucket${labelText({ method, route, le: String(end) })}`, buckets[index] ?? known)
    times.set(`_bucket${labelText({ method, route, le: '+Inf' })}`, known)
    times.set(`_sum${labelText({ method, route })}`, seconds)
    times.set(`_count${labelText({ method, route })}`, known)
  }
  const families: readonly Family[] = [
    { name: 'medianest_http_requests_total', type: 'counter', help: 'Requests the application has answered.', rows: requests },
    { name: 'medianest_http_request_duration_seconds', type: 'histogram', help: 'Time the application took to answer.', rows: times },
  ]
  return families.filter(({ rows }) => rows.size > 0)
}
