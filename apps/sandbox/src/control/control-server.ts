import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { SandboxError } from '../errors';
import { type SandboxParts } from '../sandbox-parts';
import { type ControlRequest } from './handler';
import { findRoute } from './routes';

const HOST = '127.0.0.1';
const BODY_LIMIT = 100_000;
const STATUS: Record<string, number> = {
  SANDBOX_NOT_FOUND: 404,
  SANDBOX_METHOD: 405,
  SANDBOX_BAD_REQUEST: 400,
};

/** The HTTP API by which faults are made and copies compared. Everything is JSON; it listens on loopback only. */
export class ControlServer {
  private server: Server | undefined;

  constructor(private readonly sandbox: SandboxParts) {}

  /** `host:port`, empty before it listens. */
  get address(): string {
    const address = this.server?.address() as AddressInfo | null | undefined;
    return address ? `${HOST}:${address.port}` : '';
  }

  /** @param port a free one is chosen when 0 */
  async listen(port: number): Promise<void> {
    const server = createServer((request, response) => void this.serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, resolve);
    });
    this.server = server;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { pathname } = new URL(request.url ?? '/', 'http://sandbox');
      const { run, parameters } = findRoute(request.method ?? 'GET', pathname);
      const control: ControlRequest = { parameters, body: await readBody(request) };
      answer(response, 200, await run(this.sandbox, control));
    } catch (error) {
      answerError(response, error);
    }
  }
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_LIMIT) throw badBody('The body is too long');
  }
  if (text === '') return {};
  const body = parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badBody('The body is no object');
  return body as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badBody('The body is no JSON');
  }
}

function badBody(message: string): SandboxError {
  return new SandboxError('SANDBOX_BAD_REQUEST', message, 'Send a small JSON object.');
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

function answerError(response: ServerResponse, error: unknown): void {
  if (error instanceof SandboxError) {
    const { code, message, remedy } = error;
    answer(response, STATUS[code] ?? 400, { code, message, remedy });
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const remedy = 'Read GET /topology to see how things are.';
  answer(response, 500, { code: 'SANDBOX_FAILED', message, remedy });
}
