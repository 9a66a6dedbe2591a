/** Upper ends of the classes response times are counted in, seconds: those client libraries of Prometheus begin with, and the documented targets. */
export const TIME_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5, 10]

/** What was answered for one method and route. Counts only grow while the source lives. */
export interface RouteTraffic {
  /** Upper case; empty where it is not told. */
  readonly method: string
  /** The route, identifiers in it replaced: `/api/v1/media/:id`. Untrusted. */
  readonly route: string
  /** Answers by status; 0 stands for those whose status is not told. */
  readonly statuses: ReadonlyMap<number, number>
  /** How many took at most so long, by the upper ends of `TIME_BUCKETS`; each count includes those before it. Null where times are not told. */
  readonly buckets: readonly number[] | null
  /** How many told their time, where not all did: what a histogram of `buckets` counts. */
  readonly timed?: number | undefined
  /** All times together, seconds; NaN where they are not told. */
  readonly seconds: number
}

/** What an application has answered, by method and route; bounded in routes. */
export type Traffic = readonly RouteTraffic[]
