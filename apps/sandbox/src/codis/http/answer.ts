import { gzipSync } from 'node:zlib';
import { CodisError, causeOf } from '../protocol/codis-error';
import { goJson } from '../protocol/go-format';
import { JsonText, Redirect } from './routes';

/** A whole response, ready to be written. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };

export const NOT_FOUND: Answer = {
  status: 404,
  reason: 'Not Found',
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: Buffer.from('404 page not found\n'),
};

export const BAD_REQUEST: Answer = {
  status: 400,
  reason: 'Bad Request',
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: Buffer.from('400 Bad Request'),
};

/** The answer to a handler's result. */
export function success(result: unknown): Answer {
  if (result instanceof Redirect) {
    const headers = { ...JSON_TYPE, Location: result.location };
    return { status: 302, reason: 'Found', headers, body: Buffer.alloc(0) };
  }
  const body = result instanceof JsonText ? bytesOf(result) : Buffer.from(goJson(result));
  return { status: 200, reason: 'OK', headers: JSON_TYPE, body };
}

/** Status 800 for a refusal; anything else is what the real servers answer after a panic. */
export function failed(error: unknown): Answer {
  if (error instanceof CodisError) {
    const body = Buffer.from(goJson(error.toBody()));
    return { status: 800, reason: 'status code 800', headers: JSON_TYPE, body };
  }
  const page = `<html><head><title>PANIC: ${causeOf(error)}</title></head><body><h1>PANIC</h1><pre>${causeOf(error)}</pre></body></html>`;
  return {
    status: 500,
    reason: 'Internal Server Error',
    headers: { 'Content-Type': 'text/html' },
    body: Buffer.from(page),
  };
}

/** The same answer compressed, as every answer is when the client accepts it. */
export function gzipped(answer: Answer): Answer {
  return {
    ...answer,
    headers: { ...answer.headers, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' },
    body: compress(answer.body),
  };
}

const bytes = new WeakMap<JsonText, Buffer>();
const compressed = new WeakMap<Buffer, Buffer>();

/** A text that is answered again and again is encoded once. */
function bytesOf(text: JsonText): Buffer {
  const known = bytes.get(text);
  if (known) return known;
  const made = Buffer.from(text.text);
  bytes.set(text, made);
  return made;
}

function compress(body: Buffer): Buffer {
  const known = compressed.get(body);
  if (known) return known;
  const made = gzipSync(body, { level: 1 });
  compressed.set(body, made);
  return made;
}
