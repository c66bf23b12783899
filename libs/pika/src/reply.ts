import { PikaError } from './pika.errors';

/** A reply as it came: bulk and simple strings as bytes. */
export type Reply = Buffer | number | null | Reply[];

/** A reply with strings read as UTF-8. */
export type TextReply = string | number | null | TextReply[];

/** Which call a reply belongs to, for messages. */
export interface ReplyContext {
  readonly node: string;
  readonly command: string;
}

/** Reads all strings as UTF-8. */
export function toTextReply(reply: Reply): TextReply {
  if (Array.isArray(reply)) return reply.map(toTextReply);
  return Buffer.isBuffer(reply) ? reply.toString('utf8') : reply;
}

/** The text of a string reply. */
export function expectText(reply: Reply | undefined, context: ReplyContext): string {
  if (Buffer.isBuffer(reply)) return reply.toString('utf8');
  throw unexpectedReply(context, 'a string', reply);
}

export function expectInteger(reply: Reply | undefined, context: ReplyContext): number {
  if (typeof reply === 'number') return reply;
  throw unexpectedReply(context, 'an integer', reply);
}

export function expectArray(reply: Reply | undefined, context: ReplyContext): Reply[] {
  if (Array.isArray(reply)) return reply;
  throw unexpectedReply(context, 'an array', reply);
}

/** The bytes of every element of an array of strings. */
export function expectStrings(reply: Reply | undefined, context: ReplyContext): Buffer[] {
  return expectArray(reply, context).map((item) => {
    if (Buffer.isBuffer(item)) return item;
    throw unexpectedReply(context, 'an array of strings', reply);
  });
}

/** The error for a reply that has not the form it must have. Shows only the kind of the reply: it may hold data. */
export function unexpectedReply(
  context: ReplyContext,
  wanted: string,
  got: Reply | undefined,
  outcomeUnknown = false,
): PikaError {
  return new PikaError({
    code: 'unexpected-reply',
    node: context.node,
    command: context.command,
    message: `Pika ${context.node} answered ${context.command} with ${kindOf(got)} instead of ${wanted}`,
    remedy: 'Check that the address is that of a Pika node (3.2.9, 3.3 or 3.4), not of a proxy or of Redis.',
    outcomeUnknown,
  });
}

/** The error for a text that cannot be read, with the line at fault. Only for texts without data. */
export function unreadable(context: ReplyContext, line: string): PikaError {
  return unexpectedReply(
    context,
    `the known form (at ${JSON.stringify(line.slice(0, 80))})`,
    Buffer.from(line),
  );
}

function kindOf(reply: Reply | undefined): string {
  if (reply === undefined) return 'nothing';
  if (reply === null) return 'null';
  if (typeof reply === 'number') return 'an integer';
  return Array.isArray(reply) ? `an array of ${reply.length}` : `a string of ${reply.length} bytes`;
}
