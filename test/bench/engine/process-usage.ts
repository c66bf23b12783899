/** What a worker process has used so far. */
export interface Usage {
  /** Processor time, in milliseconds. */
  readonly cpuMs: number;
  /** Memory in use by objects, after a collection, in bytes. */
  readonly heapBytes: number;
}

/** Says that this process is ready, begins when told to, and tells its usage when asked. Ends with its parent. */
export function answerParent(begin: () => void): void {
  process.on('message', (message) => {
    if (message === 'begin') begin();
    if (message === 'usage') process.send?.(usage());
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  // Before the collection, which is no work of the worker's.
  const cpuMs = (user + system) / 1_000;
  globalThis.gc?.();
  return { cpuMs, heapBytes: process.memoryUsage().heapUsed };
}
