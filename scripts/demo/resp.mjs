import { once } from 'node:events';
import { connect } from 'node:net';

const CONNECT_LIMIT_MS = 5_000;

/** A connection that speaks as much of the Redis protocol as the demo needs: commands, and replies that are no arrays. */
export class RespConnection {
  #socket;
  #waiting = [];
  #rest = Buffer.alloc(0);
  #failure = null;

  /** Opens a connection to `host:port`. */
  static async open(address) {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host);
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_LIMIT_MS) }).catch((error) => {
      socket.destroy();
      throw error;
    });
    return new RespConnection(socket);
  }

  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection was closed')));
  }

  /** Sends a command and gives its reply as text, null for nothing. Throws when the reply is an error or the connection ends. */
  async send(...words) {
    if (this.#failure) throw this.#failure;
    const reply = new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#socket.write(encode(words));
    return reply;
  }

  close() {
    this.#socket.destroy();
  }

  #take(chunk) {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let reply = decode(this.#rest); reply !== null; reply = decode(this.#rest)) {
      this.#rest = this.#rest.subarray(reply.length);
      const { resolve, reject } = this.#waiting.shift();
      if (reply.error) reject(new Error(reply.error));
      else resolve(reply.value);
    }
  }

  #fail(error) {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

function encode(words) {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** The first reply of the bytes with its length, or null when it is not complete. */
function decode(bytes) {
  const end = bytes.indexOf('\r\n');
  if (end < 0) return null;
  const line = bytes.toString('utf8', 1, end);
  switch (String.fromCharCode(bytes[0])) {
    case '$':
      return decodeBulk(bytes, end + 2, Number(line));
    case '-':
      return { error: line, length: end + 2 };
    default:
      return { value: line, length: end + 2 };
  }
}

function decodeBulk(bytes, start, size) {
  if (size < 0) return { value: null, length: start };
  if (bytes.length < start + size + 2) return null;
  return { value: bytes.toString('utf8', start, start + size), length: start + size + 2 };
}
