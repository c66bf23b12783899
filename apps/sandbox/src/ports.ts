import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Free ports are looked for here: below those that systems take for outgoing connections. A port of that range could be taken while its
 * server is down, and a client that tries again and again would one day be connected to itself.
 */
const FIRST_FREE = 10_000;
const BEYOND_FREE = 32_000;

/** Gives out ports one after the other, or free ones when there is no first port. */
export class Ports {
  constructor(private nextPort: number) {}

  async next(): Promise<number> {
    if (this.nextPort === 0) return freePort();
    this.nextPort += 1;
    return this.nextPort - 1;
  }
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_FREE + Math.floor(Math.random() * (BEYOND_FREE - FIRST_FREE));
    const server = createServer();
    const isFree = await once(server.listen(port, '127.0.0.1'), 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
