import { SandboxError } from '../errors';
import { type PikaNode } from '../pika';
import { type SandboxParts } from '../sandbox-parts';

/** @throws SandboxError when there is no node of that name */
export function nodeNamed({ nodes }: SandboxParts, name: unknown): PikaNode {
  const node = typeof name === 'string' ? nodes.get(name) : undefined;
  if (node) return node;
  throw notFound(`There is no node ${JSON.stringify(name)}`, [...nodes.keys()]);
}

/** The error for a name or an action that does not exist, with those that do. */
export function notFound(message: string, known: readonly string[]): SandboxError {
  return new SandboxError('SANDBOX_NOT_FOUND', message, `Use one of: ${known.join(', ')}.`);
}
