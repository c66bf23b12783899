/** What differs between two runs of a real server too: counters, times, process ids, descriptors, the machine. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/(total_commands_processed|total_write_commands_processed|total_connections_received):\d+/g, '$1:N'],
  [/(process_id|uptime_in_seconds|uptime_in_days):\d+/g, '$1:N'],
  [/# Time:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '# Time:T'],
  [/# Duration: \d+s/g, '# Duration: N'],
  [/^os:.*\r$/gm, 'os:X\r'],
  [/addr=127\.0\.0\.1:\d+ fd=\d+ idle=\d+/g, 'addr=A'],
];

/** A raw reply with what is volatile made equal. Where something was, the length of the bulk string is volatile too. */
export function normalise(raw: string): string {
  const stable = VOLATILE.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), raw);
  return stable === raw ? raw : stable.replace(/^\$\d+/, '$N');
}
