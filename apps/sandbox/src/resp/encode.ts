import { type RespValue } from './value';

/** The bytes of a reply. */
export function encodeReply(value: RespValue): Buffer {
  const only = encodeFlat(value);
  if (only) return only;
  const parts: Buffer[] = [];
  collect(value, parts);
  return Buffer.concat(parts);
}

/** The bytes of a request: an array of bulk strings. */
export function encodeRequest(args: readonly (string | Buffer)[]): Buffer {
  if (args.every((arg) => typeof arg === 'string')) {
    return Buffer.from(
      args.reduce<string>(
        (text, arg) => `${text}$${Buffer.byteLength(arg)}\r\n${arg.toString()}\r\n`,
        `*${args.length}\r\n`,
      ),
    );
  }
  const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`)];
  for (const arg of args) {
    const data = typeof arg === 'string' ? Buffer.from(arg) : arg;
    parts.push(Buffer.from(`$${data.length}\r\n`), data, CRLF);
  }
  return Buffer.concat(parts);
}

const CRLF = Buffer.from('\r\n');

/** Everything but arrays, where one string is enough. */
function encodeFlat(value: RespValue): Buffer | undefined {
  switch (value.type) {
    case 'simple':
      return Buffer.from(`+${value.text}\r\n`);
    case 'error':
      return Buffer.from(`-${value.text}\r\n`);
    case 'integer':
      return Buffer.from(`:${value.value}\r\n`);
    case 'bulk':
      return value.data === null ? Buffer.from('$-1\r\n') : encodeBulk(value.data);
    case 'array':
      return undefined;
  }
}

function encodeBulk(data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`$${data.length}\r\n`), data, CRLF]);
}

function collect(value: RespValue, parts: Buffer[]): void {
  const flat = encodeFlat(value);
  if (flat) {
    parts.push(flat);
    return;
  }
  if (value.type !== 'array') return;
  if (value.items === null) {
    parts.push(Buffer.from('*-1\r\n'));
    return;
  }
  parts.push(Buffer.from(`*${value.items.length}\r\n`));
  for (const item of value.items) collect(item, parts);
}
