import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Server as SocketServer,
  type Socket,
} from 'node:net';

import { recordedBody, type RecordedCase } from './recorded-cases';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** A real HTTP server on loopback that notes what it is asked. */
export interface AnsweringServer {
  readonly url: string;
  readonly address: string;
  readonly seen: readonly SeenRequest[];
  /** Connections that were opened so far. */
  connections(): number;
  close(): Promise<void>;
}

type Respond = (request: SeenRequest, response: ServerResponse) => void;

export async function answerWith(respond: Respond): Promise<AnsweringServer> {
  const seen: SeenRequest[] = [];
  let connections = 0;
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      seen.push(request);
      respond(request, response);
    });
  });
  server.on('connection', () => connections++);
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    address: `127.0.0.1:${port}`,
    seen,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers as the real one did, with its status line. */
export function replay(recorded: RecordedCase): Respond {
  return (_request, response) => {
    const [, status = '', text = ''] = /^HTTP\/1\.1 (\d+) (.*)$/.exec(recorded.status_line) ?? [];
    response.writeHead(Number(status), text, recorded.headers);
    response.end(recordedBody(recorded));
  };
}

/** A server below HTTP: does with each connection what it is told. */
export async function handleSockets(
  handle: (socket: Socket) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    handle(socket);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server | SocketServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return { method: incoming.method ?? '', path: incoming.url ?? '', body: Buffer.concat(chunks).toString() };
}
