import { createServer } from 'node:net';

/** A free port between 4000 and 9999: recorded lengths of replies count ports of four digits. */
export async function freeFourDigitPort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = 4_000 + Math.floor(Math.random() * 6_000);
    if (await isFree(port)) return port;
  }
  throw new Error('No free port between 4000 and 9999');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
