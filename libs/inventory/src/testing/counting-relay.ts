import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Hands every byte on, and counts what passes on its way there. */
export interface CountingRelay {
  readonly address: string;
  /** How often this text was sent since the last reset. */
  count(text: string): number;
  reset(): void;
  close(): Promise<void>;
}

export async function countingRelay(target: string): Promise<CountingRelay> {
  const [host, port] = target.split(':');
  const sockets = new Set<Socket>();
  let passed = '';
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
    client.on('data', (chunk) => {
      passed += chunk.toString('latin1');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: (text) => passed.split(text).length - 1,
    reset: () => {
      passed = '';
    },
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
