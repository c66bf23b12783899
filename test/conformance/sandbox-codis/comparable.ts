/** What differs from run to run, by the key under which it stands: only the type is compared. */
const VOLATILE = new Set(
  `start_time pid pwd sys hostname compile version coordinator_addr unixtime now cpu mem total alive errors qps calls usecs usecs_percall
  redis_errtype fails num_threads utime stime cutime cstime vm_size vm_rss general heap gc num_procs num_goroutines num_cgo_call
  mem_offheap num_keys`.split(/\s+/),
);

/** A body in a form in which a recorded and a real one can be compared. */
export function comparable(value: unknown, key = ''): unknown {
  if (VOLATILE.has(key))
    return Array.isArray(value) || typeof value !== 'object' ? `<${typeof value}>` : keysOf(value);
  if (key === 'Stack' && Array.isArray(value)) return '<stack>';
  if (key === 'stats' && isInfo(value)) return '<fields of INFO>';
  if (Array.isArray(value)) return cut(value).map((item) => comparable(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, comparable(item, name)]));
}

/** Recorded arrays are cut: four items, a note with the number of all, the last item. */
function cut(items: readonly unknown[]): readonly unknown[] {
  const isCut = items.some((item) => typeof item === 'string' && item.endsWith(' in all'));
  if (isCut || items.length <= 5) return items;
  return [...items.slice(0, 4), `... ${items.length} in all`, items.at(-1)];
}

function keysOf(value: object | null): unknown {
  return value && Object.keys(value).sort();
}

function isInfo(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields: unknown[] = Object.values(value);
  return fields.length > 0 && fields.every((one) => typeof one === 'string');
}
