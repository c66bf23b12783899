import { type Response } from 'express';

/** Keeps proxies between here and the reader from closing a silent connection, in milliseconds. */
const HEARTBEAT_MS = 15_000;

/** Writes server-sent events, no faster than the reader reads. */
export class SseWriter {
  private readonly leaving = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly response: Response) {
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    response.on('close', () => this.left());
    this.heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
    if (response.destroyed) this.left();
  }

  /** Aborted when the reader has gone away. */
  get gone(): AbortSignal {
    return this.leaving.signal;
  }

  /** Resolves when the next one may be sent. */
  async send(id: string, type: string, data: unknown): Promise<void> {
    const more = this.response.write(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    if (!more && !this.gone.aborted) await this.drained();
  }

  end(): void {
    clearInterval(this.heartbeat);
    this.response.end();
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      this.response.once('drain', resolve);
      this.gone.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private left(): void {
    clearInterval(this.heartbeat);
    this.leaving.abort();
  }
}
