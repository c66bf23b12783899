import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { type ListenAddress } from '../protocol/address';
import { type Gate } from '../protocol/gate';
import { resetSocket } from '../protocol/reset-socket';
import { type Answer, BAD_REQUEST, NOT_FOUND, failed, gzipped, success } from './answer';
import { type RouteTable } from './routes';
import { type Tap, tapped } from '../../tap';

/** The HTTP side of a dashboard or a proxy. While the gate is closed it accepts connections and answers nothing. */
export class AdminServer {
  /** Is asked about every request. */
  tap: Tap | undefined;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port: number;

  constructor(
    private readonly listenAt: ListenAddress,
    private readonly gate: Gate,
  ) {
    this.port = listenAt.port;
  }

  /** `host:port`; known after the first `listen`. */
  get address(): string {
    return `${this.listenAt.host}:${this.port}`;
  }

  /** @throws Error `EADDRINUSE` when the port is taken */
  async listen(): Promise<void> {
    const server = createServer();
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, this.listenAt.host, () => resolve());
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** From now on requests are answered. */
  serve(routes: RouteTable): void {
    this.server?.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.answer(routes, request, response);
    });
  }

  /** Refuses new connections and resets those that are open. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.sockets) resetSocket(socket);
    await closed;
  }

  private async answer(
    routes: RouteTable,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (this.gate.closed) await this.gate.pass();
    const body = request.method === 'GET' || request.method === 'HEAD' ? '' : await read(request);
    if (body === undefined) return; // the client is gone
    const answer = await this.observed(request, body, () => dispatch(routes, request, body));
    if (!answer) return void request.socket.destroy();
    if (this.gate.closed) await this.gate.pass();
    write(response, request, answer);
  }

  private async observed(
    { method, url }: IncomingMessage,
    body: string,
    dispatched: () => Promise<Answer>,
  ): Promise<Answer | undefined> {
    if (!this.tap) return dispatched();
    return tapped(this.tap, `${method} ${url} ${body}`, dispatched, (answer) => answer.body);
  }
}

async function dispatch(routes: RouteTable, request: IncomingMessage, body: string): Promise<Answer> {
  const path = decodedPath(request.url ?? '/');
  if (path === undefined) return BAD_REQUEST;
  const match = routes.find(request.method ?? 'GET', path);
  if (!match) return NOT_FOUND;
  try {
    return success(await match.route.handler({ params: match.params, body }));
  } catch (error) {
    return failed(error);
  }
}

function write(response: ServerResponse, request: IncomingMessage, plain: Answer): void {
  const wantsGzip = String(request.headers['accept-encoding'] ?? '').includes('gzip');
  const answer = wantsGzip ? gzipped(plain) : plain;
  response.writeHead(answer.status, answer.reason, {
    ...answer.headers,
    'Content-Length': answer.body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

function decodedPath(url: string): string | undefined {
  const [path = '/'] = url.split('?', 1);
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined; // answered as a bad request
  }
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined; // cut off while sending: nobody waits for an answer
  }
  return Buffer.concat(chunks).toString('utf8');
}
