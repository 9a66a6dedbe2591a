/** Where and how a version of control groups says something: a file, what stands before the number in it, and the factor to our unit. */
export interface Place {
  readonly file: string
  readonly key?: string
  readonly factor?: number
}

interface Places {
  readonly memory: { readonly limit: Place; readonly used: Place; readonly cache: Place; readonly kills: Place }
  readonly cpu: { readonly quota: Place; readonly throttled: Place; readonly time: Place }
  readonly cores: Place
  readonly tasks: { readonly limit: Place; readonly used: Place }
}

/**
 * The files of both versions of control groups (https://docs.kernel.org/admin-guide/cgroup-v2.html,
 * https://docs.kernel.org/admin-guide/cgroup-v1/memory.html). Times become milliseconds.
 */
export const CGROUP_FILES: Readonly<Record<1 | 2, Places>> = {
  1: {
    memory: { limit: { file: 'memory.limit_in_bytes' }, used: { file: 'memory.usage_in_bytes' }, cache: { file: 'memory.stat', key: 'total_inactive_file ' }, kills: { file: 'memory.oom_control', key: 'oom_kill ' } },
    cpu: { quota: { file: 'cpu.cfs_quota_us' }, throttled: { file: 'cpu.stat', key: 'throttled_time ', factor: 1e-6 }, time: { file: 'cpuacct.usage', factor: 1e-6 } },
    cores: { file: 'cpuset.effective_cpus' },
    tasks: { limit: { file: 'pids.max' }, used: { file: 'pids.current' } },
  },
  2: {
    memory: { limit: { file: 'memory.max' }, used: { file: 'memory.current' }, cache: { file: 'memory.stat', key: 'inactive_file ' }, kills: { file: 'memory.events', key: 'oom_kill ' } },
    cpu: { quota: { file: 'cpu.max' }, throttled: { file: 'cpu.stat', key: 'throttled_usec ', factor: 1e-3 }, time: { file: 'cpu.stat', key: 'usage_usec ', factor: 1e-3 } },
    cores: { file: 'cpuset.cpus.effective' },
    tasks: { limit: { file: 'pids.max' }, used: { file: 'pids.current' } },
  },
}
