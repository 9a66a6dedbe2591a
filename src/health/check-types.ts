import type { CheckType } from '../model/health.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Look } from './look.ts'

/** What there is to know of a kind of check before one is run. */
export interface CheckTypeInfo<T extends CheckType> {
  /** One sentence for the documentation. */
  readonly about: string
  /** Where it stands in the documented answer unless it says otherwise. */
  readonly component: string
  /** For one try, milliseconds. */
  readonly timeoutMs: number
  /** Of one that keeps its time itself: how long after it, milliseconds, it may still end what it began; only then its signal is aborted. */
  readonly graceMs?: number
  /** What it means when it does not end in time and says nothing itself. */
  readonly onSilence: Extract<Verdict, 'fail' | 'unknown'>
  /** What is said where it was asked for by name and there is nothing of the kind here. */
  readonly whereAbsent?: { readonly message: string; readonly recommendation?: string }
  /** Belongs to somebody else unless it says otherwise. */
  readonly isExternal?: boolean
  /** The check, with the drivers it needs. */
  readonly load: () => Promise<Look<T>>
}

const LOCAL_MS = 5_000
const NETWORK_MS = 10_000

/** Every kind of check; each is loaded when there is one to run. */
export const CHECK_TYPES: { readonly [T in CheckType]: CheckTypeInfo<T> } = {
  disk: { about: 'space, inodes, read-only file systems, mounts that hang or are missing', component: 'filesystem', timeoutMs: LOCAL_MS, onSilence: 'fail', load: async () => (await import('./checks/disk.ts')).look },
  memory: { about: 'memory in use and still to be had, the control group\'s where there is a limit', component: 'memory', timeoutMs: LOCAL_MS, onSilence: 'unknown', load: async () => (await import('./checks/memory.ts')).look },
  cpu: { about: 'processors in use over a second, or however long it watches; of the control group\'s limit where there is one', component: 'cpu', timeoutMs: LOCAL_MS, onSilence: 'unknown', load: async () => (await import('./checks/cpu.ts')).look },
  load: { about: 'load for each processor', component: 'load', timeoutMs: LOCAL_MS, onSilence: 'unknown', whereAbsent: { message: 'this system does not tell its load' }, load: async () => (await import('./checks/load.ts')).look },
  pressure: { about: 'time lost waiting for processor, memory and I/O (PSI)', component: 'pressure', timeoutMs: LOCAL_MS, onSilence: 'unknown', whereAbsent: { message: 'this kernel does not tell pressure (PSI)', recommendation: 'start it with psi=1 where it has CONFIG_PSI, or leave the check out on this machine' }, load: async () => (await import('./checks/pressure.ts')).look },
  swap: { about: 'swap space in use', component: 'swap', timeoutMs: LOCAL_MS, onSilence: 'unknown', whereAbsent: { message: 'this machine has no swap' }, load: async () => (await import('./checks/swap.ts')).look },
  clock: { about: 'whether the clock is right, by a time server or by the time service of this machine', component: 'clock', timeoutMs: LOCAL_MS, onSilence: 'unknown', whereAbsent: { message: 'no time service says whether the clock is right', recommendation: 'install chrony or systemd-timesyncd, or name a time server: server: pool.ntp.org in the configuration, --check clock:pool.ntp.org' }, load: async () => (await import('./checks/clock.ts')).look },
  files: { about: 'open files of those the machine may have', component: 'files', timeoutMs: LOCAL_MS, onSilence: 'unknown', whereAbsent: { message: 'this system does not tell how many files are open' }, load: async () => (await import('./checks/files.ts')).look },
  network: { about: 'interfaces that are up', component: 'network', timeoutMs: LOCAL_MS, onSilence: 'unknown', whereAbsent: { message: 'this machine has no network interface of its own', recommendation: 'name those that must be up: interfaces: [eth0]' }, load: async () => (await import('./checks/network.ts')).look },
  process: { about: 'programs that must run: by name, command line or pid file, and how many of them', component: 'processes', timeoutMs: LOCAL_MS, onSilence: 'unknown', load: async () => (await import('./checks/process.ts')).look },
  systemd: { about: 'units of systemd that must be active', component: 'services', timeoutMs: LOCAL_MS, onSilence: 'unknown', load: async () => (await import('./checks/systemd.ts')).look },
  store: { about: 'the file of the agent\'s store: whole, written to lately, not too large', component: 'store', timeoutMs: LOCAL_MS, onSilence: 'fail', load: async () => (await import('./checks/store.ts')).look },
  dns: { about: 'a name that must resolve, by the system\'s name servers or others', component: 'network', timeoutMs: LOCAL_MS, onSilence: 'fail', load: async () => (await import('./checks/dns.ts')).look },
  connectivity: { about: 'addresses that must be reachable over TCP', component: 'network', timeoutMs: LOCAL_MS, onSilence: 'fail', load: async () => (await import('./checks/connectivity.ts')).look },
  tls: { about: 'a certificate and its chain: valid, for the right name, not about to end', component: 'certificates', timeoutMs: NETWORK_MS, onSilence: 'fail', load: async () => (await import('./checks/tls.ts')).look },
  http: { about: 'an HTTP service: status, content, time of each phase, certificate', component: 'services', timeoutMs: NETWORK_MS, onSilence: 'fail', load: async () => (await import('./checks/http.ts')).look },
  plex: { about: 'a Plex Media Server', component: 'plex', timeoutMs: NETWORK_MS, onSilence: 'fail', load: async () => (await import('./checks/plex.ts')).look },
  overseerr: { about: 'an Overseerr (or Jellyseerr)', component: 'overseerr', timeoutMs: NETWORK_MS, onSilence: 'fail', load: async () => (await import('./checks/overseerr.ts')).look },
  tmdb: { about: 'The Movie Database', component: 'tmdb', timeoutMs: NETWORK_MS, onSilence: 'fail', isExternal: true, load: async () => (await import('./checks/tmdb.ts')).look },
  postgres: { about: 'PostgreSQL: a query, recovery, replication, connections, long transactions, migrations, backup', component: 'database', timeoutMs: NETWORK_MS, graceMs: 250, onSilence: 'fail', load: async () => (await import('./checks/postgres.ts')).look },
  redis: { about: 'Redis: PING, loading, memory, persistence, replication, a key written and read', component: 'redis', timeoutMs: NETWORK_MS, onSilence: 'fail', load: async () => (await import('./checks/redis.ts')).look },
  command: { about: 'any Nagios plugin, or program that ends with 0, 1, 2 or 3', component: 'commands', timeoutMs: 30_000, graceMs: 750, onSilence: 'unknown', load: async () => (await import('./checks/command.ts')).look },
  instance: { about: 'the health another instance tells of itself', component: 'instances', timeoutMs: NETWORK_MS, graceMs: 250, onSilence: 'fail', load: async () => (await import('./checks/instance.ts')).look },
}
