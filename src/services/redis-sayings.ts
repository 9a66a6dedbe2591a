import type { Verdict } from '../model/verdict.ts'

/** What an error of Redis means. */
export interface RedisSaying {
  readonly verdict: Verdict
  /** A few words that stand beside its address. */
  readonly text: string
  readonly recommendation: string
  /** Whether nothing more can be asked after it. */
  readonly isFinal: boolean
}

interface Known extends Omit<RedisSaying, 'isFinal'> {
  readonly says: RegExp
  readonly isFinal?: true
}

/** What Redis answers instead of doing what it was asked, by its words (redis.io/docs/latest/develop/reference/protocol-spec, "errors"). */
const SAYINGS: readonly Known[] = [
  { says: /^NOAUTH/, verdict: 'fail', isFinal: true, text: 'wants a password and none was given', recommendation: 'give `password` (with {file: ...} or {env: ...} it stays out of the configuration), and `user` where it is not the default one' },
  { says: /^WRONGPASS|^ERR invalid password/, verdict: 'fail', isFinal: true, text: 'refuses this user and password', recommendation: 'compare them with `ACL LIST` or `requirepass` on the server; the password may have been changed' },
  { says: /arguments for 'auth'/i, verdict: 'fail', text: 'knows no users, only a password (it is older than Redis 6)', recommendation: 'leave `user` out, also of the url' },
  { says: /without any password configured|no password is set/, verdict: 'warn', text: 'wants no password, though one is given: everybody who reaches it may use it', recommendation: 'set `requirepass` or an ACL on the server, or take the password out of the check' },
  { says: /^DENIED/, verdict: 'fail', isFinal: true, text: 'is in protected mode and answers its own machine only', recommendation: 'set a password and `bind`, or ask it from its own machine' },
  { says: /max number of clients/, verdict: 'fail', isFinal: true, text: 'turns clients away: as many as `maxclients` allows are connected', recommendation: 'look with CLIENT LIST for who opens so many connections, or raise `maxclients`' },
  { says: /^BUSY/, verdict: 'fail', text: 'is held up by a script and serves nobody else', recommendation: 'end the script with SCRIPT KILL (or FUNCTION KILL)' },
  { says: /^MASTERDOWN/, verdict: 'fail', text: 'answers no reads: the link to its primary is down and it may not serve old data', recommendation: 'bring the primary back, or set `replica-serve-stale-data yes`' },
  { says: /^READONLY/, verdict: 'fail', text: 'refuses writes: it is a replica, which can only be read', recommendation: 'point it at the primary; after a failover the address may be the old one\'s' },
  { says: /^OOM/, verdict: 'fail', text: 'refuses writes: its memory is full', recommendation: 'raise `maxmemory`, remove keys, or choose a `maxmemory-policy` that evicts' },
  { says: /^MISCONF.*AOF/i, verdict: 'fail', text: 'refuses writes: its append-only file cannot be written', recommendation: 'free space on its disk and look into its log' },
  { says: /^MISCONF/, verdict: 'fail', text: 'refuses writes: saving its data to disk fails', recommendation: 'look into its log; check space, owner and existence of its folder (CONFIG GET dir)' },
  { says: /^NOREPLICAS/, verdict: 'fail', text: 'refuses writes: fewer replicas are in touch than `min-replicas-to-write` wants', recommendation: 'bring the replicas back' },
  { says: /^CLUSTERDOWN/, verdict: 'fail', text: 'refuses keys: the cluster is down', recommendation: 'look at CLUSTER INFO and CLUSTER NODES for the slots nobody serves' },
  { says: /^MOVED|^ASK/, verdict: 'unknown', text: 'does not serve the slot of the key: another node of the cluster does', recommendation: 'check every primary of the cluster by its own address' },
  { says: /DB index|SELECT is not allowed/, verdict: 'unknown', text: 'has no such database', recommendation: 'correct `database`; a cluster has number 0 only' },
]

/** The meaning of an error; `asked` is the command it answered. */
export function readRedisError(said: string, asked: string): RedisSaying {
  if (/^NOPERM.* access .*\bkeys?\b/i.test(said)) return { verdict: 'unknown', text: `may not look at these keys as this user (${asked})`, recommendation: 'allow it on the server: ACL SETUSER ... ~PATTERN, or from Redis 7 on %R~PATTERN for reading alone', isFinal: false }
  if (said.startsWith('NOPERM')) return { verdict: 'unknown', text: `may not be asked ${asked} by this user`, recommendation: `allow it on the server: ACL SETUSER ... +${asked.toLowerCase().replace(' ', '|')}`, isFinal: false }
  const known = SAYINGS.find(({ says }) => says.test(said))
  if (known === undefined) return { verdict: 'fail', text: `answers ${asked} with "${said}"`, recommendation: 'look into its log', isFinal: false }
  return { verdict: known.verdict, text: known.text, recommendation: known.recommendation, isFinal: known.isFinal ?? false }
}
