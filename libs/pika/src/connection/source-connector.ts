import { AbstractConnector } from 'ioredis';
import { connect, type Socket } from 'node:net';
import type { Endpoint } from './endpoint';

/** How ioredis connects to a node from one certain address of this machine, which it cannot do by itself. */
export function connectorFrom(
  sourceAddress: string,
  { host, port, connectTimeoutMs }: Endpoint,
): new () => AbstractConnector {
  return class extends AbstractConnector {
    constructor() {
      super(connectTimeoutMs);
    }

    connect(): Promise<Socket> {
      this.connecting = true;
      const socket = connect({ host, port, localAddress: sourceAddress });
      socket.once('error', (error) => (this.firstError = error));
      this.stream = socket;
      return Promise.resolve(socket);
    }
  };
}
