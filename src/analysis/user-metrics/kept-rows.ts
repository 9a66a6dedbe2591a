import type { UserMetricRow } from './user-metric-row.ts'

interface Kept {
  readonly at: number
  readonly row: UserMetricRow
}

interface Client {
  readonly rows: Kept[]
  lastAt: number
}

/** How many rows are kept, and how long. */
export interface RowLimits {
  readonly maxClients: number
  readonly maxRows: number
  readonly maxRowsPerClient: number
  readonly windowMs: number
}

/** The latest rows of each client. Who has most of them gives its oldest when there are too many, and who has been silent longest goes first when there are too many clients: a flood pushes out its own. */
export class KeptRows {
  readonly #limits: RowLimits
  /** Who submitted last stands last. */
  readonly #clients = new Map<string, Client>()
  #count = 0

  constructor(limits: RowLimits) {
    this.#limits = limits
  }

  get count(): number {
    return this.#count
  }

  get clients(): number {
    return this.#clients.size
  }

  add(id: string, row: UserMetricRow, now: number): void {
    const client = this.#clients.get(id) ?? { rows: [], lastAt: now }
    this.#clients.delete(id)
    this.#clients.set(id, client)
    client.lastAt = now
    client.rows.push({ at: now, row })
    this.#count++
    if (client.rows.length > this.#limits.maxRowsPerClient) this.#dropOldest(client)
    if (this.#clients.size > this.#limits.maxClients) this.#forget(this.#clients.keys().next().value ?? id)
    while (this.#count > this.#limits.maxRows) this.#dropOldest([...this.#clients.values()].reduce((one, other) => (other.rows.length > one.rows.length ? other : one)))
  }

  /** Newest first. */
  ofClient(id: string, now: number): UserMetricRow[] {
    return this.#fresh(this.#clients.get(id)?.rows ?? [], now).reverse()
  }

  /** Newest first. */
  ofAll(now: number): UserMetricRow[] {
    return this.#fresh([...this.#clients.values()].flatMap(({ rows }) => rows), now).sort((one, other) => other.id - one.id)
  }

  /** Forgets what is older than the window. */
  expire(now: number): void {
    for (const [id, client] of this.#clients) {
      while (client.rows[0] && client.rows[0].at <= now - this.#limits.windowMs) this.#dropOldest(client)
      if (client.rows.length === 0 && client.lastAt <= now - this.#limits.windowMs) this.#clients.delete(id)
    }
  }

  #fresh(rows: readonly Kept[], now: number): UserMetricRow[] {
    return rows.filter(({ at }) => at > now - this.#limits.windowMs).map(({ row }) => row)
  }

  #dropOldest(client: Client): void {
    client.rows.shift()
    this.#count--
  }

  #forget(id: string): void {
    this.#count -= this.#clients.get(id)?.rows.length ?? 0
    this.#clients.delete(id)
  }
}
