import { goTime } from '../protocol/go-format';
import { type OpStats } from './op-stats';

/** Which optional parts of the stats are wanted: bits of `:flags`. */
export const WITH_COMMANDS = 1;
export const WITH_RUNTIME = 4;

export interface StatsSource {
  readonly isOnline: boolean;
  readonly startedAt: number;
  readonly ops: OpStats;
  readonly sessions: { readonly total: number; readonly alive: number };
}

/** The body of `/proxy/stats`. Machine figures are those of the sandbox's own process. */
export function proxyStats(source: StatsSource, flags: number): Record<string, unknown> {
  const commands = (flags & WITH_COMMANDS) === 0 ? [] : source.ops.commands();
  return {
    online: source.isOnline,
    closed: false,
    sentinels: {},
    ops: { ...source.ops.toBody(), ...(commands.length > 0 && { cmd: commands }) },
    sessions: source.sessions,
    rusage: resourceUsage(source.startedAt),
    backend: { primary_only: false },
    ...((flags & WITH_RUNTIME) !== 0 && { runtime: runtime() }),
  };
}

function resourceUsage(startedAt: number): Record<string, unknown> {
  const { user, system } = process.cpuUsage();
  const memory = process.memoryUsage.rss();
  return {
    now: goTime(new Date(), Date.now() - startedAt),
    cpu: 0,
    mem: memory,
    raw: {
      utime: user * 1_000,
      stime: system * 1_000,
      cutime: 0,
      cstime: 0,
      num_threads: 1,
      vm_size: memory,
      vm_rss: memory,
    },
  };
}

function runtime(): Record<string, unknown> {
  const { heapTotal, heapUsed, external } = process.memoryUsage();
  return {
    general: { alloc: heapUsed, sys: heapTotal, lookups: 0, mallocs: 0, frees: 0 },
    heap: { alloc: heapUsed, sys: heapTotal, idle: heapTotal - heapUsed, inuse: heapUsed, objects: 0 },
    gc: { num: 0, cpu_fraction: 0, total_pausems: 0 },
    num_procs: 1,
    num_goroutines: 1,
    num_cgo_call: 0,
    mem_offheap: external,
  };
}
