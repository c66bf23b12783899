import { expectStrings, type Reply, type ReplyContext, unexpectedReply } from '../reply';

/** Reads `CONFIG GET name`: the value, or null when the node has no such setting. */
export function parseConfigValue(name: string, reply: Reply, context: ReplyContext): string | null {
  const parts = expectStrings(reply, context).map((part) => part.toString('utf8'));
  if (parts.length % 2 !== 0) throw unexpectedReply(context, 'pairs of name and value', reply);
  const at = parts.findIndex((part, index) => index % 2 === 0 && part === name);
  return at < 0 ? null : (parts[at + 1] ?? null);
}
