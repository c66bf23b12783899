import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Answers one request on its socket. Whatever it writes is the reply, nothing is one, too. */
export type Script = (request: string[], socket: Socket) => void;

/** A TCP server on loopback that says what a test wants it to say, and remembers what it was asked. */
export class ScriptedNode {
  readonly requests: string[][] = [];
  readonly sockets: Socket[] = [];
  private readonly server: Server;
  private port = 0;
  private waiting: (() => void)[] = [];

  private constructor(public script: Script) {
    this.server = createServer((socket) => this.accept(socket));
  }

  static async start(script: Script): Promise<ScriptedNode> {
    const node = new ScriptedNode(script);
    node.server.listen(0, '127.0.0.1');
    await once(node.server, 'listening');
    node.port = (node.server.address() as AddressInfo).port;
    return node;
  }

  /** Stays the same after `stop`. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The commands received so far, a line each. */
  get lines(): string[] {
    return this.requests.map((request) => request.join(' '));
  }

  /** Resolves once `count` commands were received. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await this.change();
  }

  /** Resolves once `count` connections were accepted, closed ones included. */
  async accepted(count: number): Promise<void> {
    while (this.sockets.length < count) await this.change();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(socket: Socket): void {
    this.sockets.push(socket);
    this.announce();
    let rest = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      const { requests, remainder } = readRequests(rest + chunk.toString('latin1'));
      rest = remainder;
      for (const request of requests) this.take(request, socket);
    });
  }

  private take(request: string[], socket: Socket): void {
    this.requests.push(request);
    this.script(request, socket);
    this.announce();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private announce(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Cuts a stream of arrays of bulk strings into requests. */
function readRequests(text: string): { requests: string[][]; remainder: string } {
  const requests: string[][] = [];
  let at = 0;
  for (;;) {
    const request = readRequest(text, at);
    if (!request) return { requests, remainder: text.slice(at) };
    requests.push(request.args);
    at = request.end;
  }
}

function readRequest(text: string, start: number): { args: string[]; end: number } | null {
  const count = /^\*(\d+)\r\n/.exec(text.slice(start));
  if (!count) return null;
  const args: string[] = [];
  let at = start + count[0].length;
  for (let index = 0; index < Number(count[1]); index++) {
    const head = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (!head) return null;
    const from = at + head[0].length;
    const to = from + Number(head[1]);
    if (text.length < to + 2) return null;
    args.push(text.slice(from, to));
    at = to + 2;
  }
  return { args, end: at };
}
