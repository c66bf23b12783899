import type { Reply } from '../reply';
import type { Request } from './connection';
import type { SharedConnection } from './shared-connection';

/** Lets small reads that are asked for in the same turn of the event loop leave in one piece, with one limit for all of them. */
export class ReadsTogether {
  private gathered: Read[] = [];

  constructor(
    private readonly connections: SharedConnection,
    private readonly timeoutMs: number,
  ) {}

  /** Rejects with what went wrong with this read, or with the failure of the connection, as for all who share it. */
  read(args: Request['args']): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.gathered.length === 0) setImmediate(() => void this.send());
      this.gathered.push({ args, resolve, reject });
    });
  }

  private async send(): Promise<void> {
    const reads = this.gathered;
    this.gathered = [];
    try {
      const connection = await this.connections.get();
      const replies = await connection.readAll(
        reads.map(({ args }) => args),
        this.timeoutMs,
      );
      for (const [index, { resolve, reject }] of reads.entries()) {
        const reply = replies[index] ?? null;
        if (reply instanceof Error) reject(reply);
        else resolve(reply);
      }
    } catch (error) {
      for (const { reject } of reads) reject(error);
    }
  }
}

interface Read {
  readonly args: Request['args'];
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
}
