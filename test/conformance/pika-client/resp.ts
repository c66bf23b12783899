/** Reads one reply, counting bytes as the protocol says. */
export function decode(reply: string): unknown {
  const [value, rest] = decodeAt(reply);
  if (rest !== '') throw new Error(`more than one reply: ${JSON.stringify(rest)}`);
  return value;
}

export function decodeAt(text: string): [unknown, string] {
  const end = text.indexOf('\r\n');
  const head = text.slice(1, end);
  const rest = text.slice(end + 2);
  if (text.startsWith('+') || text.startsWith('-')) return [head, rest];
  if (text.startsWith(':')) return [Number(head), rest];
  if (text.startsWith('$')) {
    const length = Number(head);
    return length < 0 ? [null, rest] : [rest.slice(0, length), rest.slice(length + 2)];
  }
  const items: unknown[] = [];
  let remaining = rest;
  for (let index = 0; index < Number(head); index++) {
    const [item, after] = decodeAt(remaining);
    items.push(item);
    remaining = after;
  }
  return [items, remaining];
}

/** True when a whole request, an array of bulk strings, has arrived. */
export function isComplete(text: string): boolean {
  const count = Number(/^\*(\d+)\r\n/.exec(text)?.[1] ?? NaN);
  let at = text.indexOf('\r\n') + 2;
  for (let index = 0; index < count; index++) {
    const head = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (!head) return false;
    at += head[0].length + Number(head[1]) + 2;
  }
  return text.length >= at && count >= 0;
}
