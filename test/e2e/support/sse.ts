/** One server-sent event as it came over the wire. */
export interface SentEvent {
  readonly id: number;
  readonly event: string;
  readonly data: { readonly version: number; readonly type: string };
}

/** Reads a stream of server-sent events one by one, and fails when none comes for 10 s. */
export class SseReader {
  private buffer = '';
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;

  private constructor(
    readonly response: Response,
    private readonly controller: AbortController,
  ) {
    this.reader = response.body!.getReader();
  }

  static async open(url: string, headers: Record<string, string>): Promise<SseReader> {
    const controller = new AbortController();
    const response = await fetch(url, { headers, signal: controller.signal });
    return new SseReader(response, controller);
  }

  /** The next event, or null when the stream has ended. */
  async next(): Promise<SentEvent | null> {
    for (;;) {
      const end = this.buffer.indexOf('\n\n');
      if (end >= 0) {
        const block = this.buffer.slice(0, end);
        this.buffer = this.buffer.slice(end + 2);
        if (!block.startsWith(':')) return parse(block);
        continue;
      }
      const { done, value } = await withLimit(this.reader.read());
      if (done) return null;
      this.buffer += Buffer.from(value).toString();
    }
  }

  /** Goes away, as a closed browser does. */
  abandon(): void {
    this.controller.abort();
  }
}

function parse(block: string): SentEvent {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s))) as Record<
    string,
    string
  >;
  return { id: Number(fields.id), event: fields.event ?? '', data: JSON.parse(fields.data ?? '') };
}

async function withLimit<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no event for 10 s')), 10_000);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
