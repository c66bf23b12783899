import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { PikaNode } from '@slotferry/pika';
import { type Step } from './recording';
import { decodeAt, isComplete } from './resp';
import { expand } from './expand';

/** One recorded node: says what the present step recorded, when it is asked what the step recorded. */
export class ReplayNode {
  pending: Step | null = null;
  answered = 0;
  surprises: string[][] = [];
  readonly client: PikaNode;
  private readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    private readonly version: string,
  ) {
    server.on('connection', (socket) => this.accept(socket));
    this.client = new PikaNode({ address: `127.0.0.1:${(server.address() as AddressInfo).port}` });
  }

  static async start(version: string): Promise<ReplayNode> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ReplayNode(server, version);
  }

  expect(step: Step): void {
    this.pending = step;
    this.surprises = [];
  }

  async stop(): Promise<void> {
    await this.client.close();
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(socket: Socket): void {
    this.sockets.push(socket);
    socket.on('error', () => socket.destroy());
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      while (isComplete(received)) {
        const [request, rest] = decodeAt(received);
        received = rest;
        socket.write(this.replyTo(request as string[]));
      }
    });
  }

  private replyTo(request: string[]): string {
    if (this.pending && canonical(request) === canonical(this.pending.send)) {
      const { reply } = this.pending;
      this.pending = null;
      this.answered += 1;
      return reply;
    }
    const own = this.ownQuestion(canonical(request));
    if (own === null) this.surprises.push(request);
    return own ?? '-ERR not recorded\r\n';
  }

  /** What the client asks of its own: the version, where commands differ by it, and what 3.2.9 does not say about tables. */
  private ownQuestion(command: string): string | null {
    if (command === 'info server') {
      const text = `pika_version:${this.version}\r\nprocess_id:1\r\ntcp_port:9221\r\nuptime_in_seconds:1\r\n`;
      return `$${text.length}\r\n${text}\r\n`;
    }
    const slots = '*2\r\n$16\r\ndefault-slot-num\r\n$4\r\n1024\r\n';
    return command === 'config get default-slot-num' && this.version === '3.2.9' ? slots : null;
  }
}

/** The same for requests that mean the same: case of words, ways to write a list of slots, the size of a page. */
function canonical(request: string[]): string {
  const [name = '', ...args] = request;
  const cased = /^(pkcluster|config|info)$/i.test(name) ? args.map((word) => word.toLowerCase()) : args;
  const meant = cased.map((word) =>
    /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(word) && !/^\d+$/.test(word) ? expand(word).join() : word,
  );
  return [name.toLowerCase(), ...meant].join(' ').replace(/^(slotsscan .*) COUNT \d+$/, '$1');
}
