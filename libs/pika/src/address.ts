import { PikaError } from './pika.errors';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const ADDRESS = /^([A-Za-z0-9._-]+):(\d{1,5})$/;
/** Names that pass Pika's own check against attaching a node to itself, and then make a slot its own slave. */
const AMBIGUOUS_HOSTS = /^(localhost|.+\.localhost|localhost\.localdomain|0\.0\.0\.0|0|no)\.?$/i;

/** Reads `host:port`, or returns null. Pika in sharding mode speaks IPv4 only. */
export function parseAddress(address: string): HostPort | null {
  const match = ADDRESS.exec(address);
  const port = Number(match?.[2]);
  if (!match?.[1] || !(port >= 1 && port <= 65_535)) return null;
  return { host: match[1], port };
}

/**
 * Checks the address a slot shall be attached to, before anything is sent.
 * Pika compares it only with `127.0.0.1` and its own `slave-announce`/bind address, so `localhost` would make a slot its own slave.
 * @param node address of the node that shall follow
 * @throws PikaError `syntax` when it is no usable address, `self-attach` when it is the node itself
 */
export function checkMasterAddress(node: string, master: string): HostPort {
  const parsed = parseAddress(master);
  if (!parsed || AMBIGUOUS_HOSTS.test(parsed.host)) {
    throw new PikaError({
      code: 'syntax',
      node,
      command: null,
      message: `${JSON.stringify(master.slice(0, 80))} cannot be the master of a slot of ${node}`,
      remedy: 'Give the ip:port under which the master announces itself to other nodes, never localhost.',
    });
  }
  if (master === node) {
    throw new PikaError({
      code: 'self-attach',
      node,
      command: null,
      message: `${node} cannot follow itself`,
      remedy: 'Name another node as the master.',
    });
  }
  return parsed;
}
