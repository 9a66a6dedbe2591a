/** What a command does to a cache. */
export type CommandKind = 'get' | 'set' | 'delete'

/** The commands of each kind (redis.io/docs/latest/commands); what takes something out by reading it deletes. Scripts are counted by the commands in them. */
const COMMANDS: Readonly<Record<CommandKind, string>> = {
  get: `
    get mget getrange substr strlen getbit bitcount bitpos bitfield_ro exists lcs hget hmget hgetall hkeys hvals hlen hexists hstrlen hrandfield hscan
    lindex llen lrange lpos scard sismember smismember smembers srandmember sinter sintercard sunion sdiff sscan
    zcard zcount zlexcount zrange zrangebyscore zrangebylex zrevrange zrevrangebyscore zrevrangebylex zrank zrevrank zscore zmscore zrandmember zinter zintercard zunion zdiff zscan
    xlen xrange xrevrange xread pfcount geopos geodist geohash geosearch georadius_ro georadiusbymember_ro sort_ro dump getex json.get json.mget`,
  set: `
    set setex psetex setnx mset msetnx append setrange getset setbit bitop bitfield incr incrby incrbyfloat decr decrby hset hmset hsetnx hsetex hincrby hincrbyfloat
    lpush lpushx rpush rpushx linsert lset lmove rpoplpush sadd smove sinterstore sunionstore sdiffstore zadd zincrby zrangestore zinterstore zunionstore zdiffstore
    xadd pfadd pfmerge geoadd geosearchstore georadius georadiusbymember sort copy rename renamenx restore restore-asking json.set json.mset json.merge`,
  delete: `
    del unlink getdel hdel hgetdel lrem ltrim lpop rpop lmpop blpop brpop srem spop zrem zremrangebyscore zremrangebyrank zremrangebylex zpopmin zpopmax zmpop bzpopmin bzpopmax
    xdel xtrim flushdb flushall json.del json.forget`,
}

const KIND_OF: ReadonlyMap<string, CommandKind> = new Map((Object.keys(COMMANDS) as CommandKind[]).flatMap((kind) => COMMANDS[kind].trim().split(/\s+/).map((command) => [command, kind] as const)))

/** Adds up how often commands of each kind were run. */
export function sumByKind(calls: ReadonlyMap<string, number>): ReadonlyMap<CommandKind, number> {
  const sums = new Map<CommandKind, number>([['get', 0], ['set', 0], ['delete', 0]])
  for (const [command, count] of calls) {
    const kind = KIND_OF.get(command)
    if (kind !== undefined) sums.set(kind, (sums.get(kind) ?? 0) + count)
  }
  return sums
}
