import { connect, type Socket } from 'node:net';
import { type ProbeReply, ReplyReader } from './reply-reader';

/** Where to and how. */
export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  readonly password: string | null;
  /** Address of this machine to connect from; null for the one the system chooses. */
  readonly sourceAddress: string | null;
}

/**
 * Why there is no connection.
 * - `refused`: the machine says that nobody listens.
 * - `unreachable`: no way to it.
 * - `ended`: it was there, and was closed by the node or broke.
 */
export type ProbeFailure = 'refused' | 'unreachable' | 'ended';

/** Told as it happens, never from within a call. */
export interface ProbeListener {
  connected(): void;
  /** Once, and nothing after it. Questions without an answer stay without one. */
  failed(failure: ProbeFailure): void;
}

/**
 * One connection that only asks how a node is. It has no timers and no limits of its own: whoever watches hundreds of nodes has one
 * timer for all. The end of the connection is told at once, because it is the first sign of a death.
 */
export class ProbeConnection {
  private readonly socket: Socket;
  private readonly reader = new ReplyReader();
  private readonly asked: ((reply: ProbeReply) => void)[] = [];
  private open = false;
  private over = false;
  private refused = false;

  constructor(
    target: ProbeTarget,
    private readonly listener: ProbeListener,
  ) {
    const { host, port, password, sourceAddress } = target;
    this.socket = connect({ host, port, noDelay: true, localAddress: sourceAddress ?? undefined });
    this.socket.on('connect', () => this.connected(password));
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.refused = error.code === 'ECONNREFUSED';
    });
    this.socket.on('end', () => this.end());
    this.socket.on('close', () => this.end());
  }

  /** Sends a command; `answered` is called when its turn has come. Only while connected. */
  ask(args: readonly string[], answered: (reply: ProbeReply) => void): void {
    this.asked.push(answered);
    this.socket.write(encode(args));
  }

  /** What `questions` asks leaves in one piece: handing each to the system by itself costs more than making it. */
  together(questions: () => void): void {
    this.socket.cork();
    try {
      questions();
    } finally {
      this.socket.uncork();
    }
  }

  /** Ends it without a word to the listener. */
  destroy(): void {
    this.over = true;
    this.asked.length = 0;
    this.socket.destroy();
  }

  private connected(password: string | null): void {
    if (this.over) return;
    this.open = true;
    // A node without a password refuses any; a wrong one shows in every later answer. Both are signs of life.
    if (password !== null) this.ask(['AUTH', password], () => undefined);
    this.listener.connected();
  }

  private take(chunk: Buffer): void {
    if (this.over) return;
    try {
      for (const reply of this.reader.read(chunk)) this.asked.shift()?.(reply);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.end();
    }
  }

  private end(): void {
    if (this.over) return;
    this.destroy();
    this.listener.failed(this.open ? 'ended' : this.refused ? 'refused' : 'unreachable');
  }
}

function encode(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`;
}
