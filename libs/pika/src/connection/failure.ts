import { PikaError } from '../pika.errors';

/** The node could not be reached, or the connection to it broke. */
export function unreachable(
  node: string,
  command: string | null,
  outcomeUnknown: boolean,
  cause: Error | null,
): PikaError {
  const doing = command === null ? 'connecting' : `waiting for the reply to ${command}`;
  return new PikaError({
    code: 'unreachable',
    node,
    command,
    message: `Pika ${node} went away while ${doing}: ${cause?.message ?? 'the connection was closed'}`,
    remedy: 'Check that the process runs, that the address is right and that the network lets you through.',
    outcomeUnknown,
    cause: cause ?? undefined,
  });
}

/** The connection was gone before the command was sent. */
export function notSent(node: string, command: string): PikaError {
  return new PikaError({
    code: 'unreachable',
    node,
    command,
    message: `${command} was not sent: the connection to Pika ${node} was lost`,
    remedy: 'Try again: the next call connects anew.',
  });
}

/** @param command null while connecting */
export function timedOut(
  node: string,
  command: string | null,
  ms: number,
  outcomeUnknown: boolean,
): PikaError {
  const what = command === null ? 'accepted no connection' : `did not answer ${command}`;
  return new PikaError({
    code: 'timed-out',
    node,
    command,
    message: `Pika ${node} ${what} within ${ms} ms`,
    remedy:
      'Check that the node is not frozen, overloaded or cut off. A stopped process accepts connections and answers nothing.',
    outcomeUnknown,
  });
}

/** The owner of the client closed it. */
export function clientClosed(node: string, command: string | null, outcomeUnknown: boolean): PikaError {
  return new PikaError({
    code: 'closed',
    node,
    command,
    message: `The client of Pika ${node} was closed`,
    remedy: 'Use a new client; this one was given up by its owner.',
    outcomeUnknown,
  });
}
