import { request } from 'node:http';

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  /** Lines such as `Accept-Encoding: gzip`. */
  readonly headers: readonly string[];
  readonly body: string | null;
}

export interface HttpReply {
  readonly statusLine: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Sends a request as it was recorded and gives back what matters of the reply. */
export function httpCall({ method, url, headers, body }: RecordedRequest): Promise<HttpReply> {
  const fields = Object.fromEntries(headers.map((line) => line.split(': ')));
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers: fields as Record<string, string>, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            statusLine: `HTTP/1.1 ${response.statusCode ?? 0} ${response.statusMessage ?? ''}`,
            headers: named(response.rawHeaders),
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}

/** The headers that recordings keep. */
const KEPT = new Set(['Content-Type', 'Content-Encoding', 'Vary', 'Location']);

function named(raw: readonly string[]): Record<string, string> {
  const pairs = raw
    .map((name, index) => [name, raw[index + 1] ?? ''] as const)
    .filter((_, index) => index % 2 === 0);
  return Object.fromEntries(pairs.filter(([name]) => KEPT.has(name)));
}
