import { type Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type Socket } from 'node:net';
import { type TLSSocket } from 'node:tls';

import { ExchangeError, type NoAnswerReason } from './exchange-error';

export interface Question {
  readonly method: 'GET' | 'PUT';
  readonly url: URL;
  readonly body?: string;
  /** Called right before the first byte is written. Throws to stop the exchange; then nothing is sent. */
  readonly gate?: () => void;
  readonly agent: Agent;
  /** Limit until the connection stands. */
  readonly connectTimeoutMs: number;
  /** Limit from the first byte written to the last byte read. */
  readonly answerTimeoutMs: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** In characters. */
const LONGEST_ANSWER = 32 * 1024 * 1024;

/**
 * One request and its answer. Rejects with an ExchangeError, or with whatever the gate threw.
 * Headers and body leave in one write, in the same turn of the event loop as the gate.
 */
export function exchange(question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = open(question);
    let sent = false;
    let timer = setTimeout(() => fail('connect-timeout'), question.connectTimeoutMs);

    const settle = (end: () => void): void => {
      clearTimeout(timer);
      end();
    };
    const fail = (reason: NoAnswerReason, cause?: unknown): void => {
      settle(() => reject(new ExchangeError(reason, { sent, reused: request.reusedSocket, cause })));
      request.destroy();
    };
    const send = (): void => {
      try {
        question.gate?.();
      } catch (refused) {
        settle(() => reject(refused instanceof Error ? refused : new Error(String(refused))));
        request.destroy();
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => fail('answer-timeout'), question.answerTimeoutMs);
      sent = true;
      request.end(question.body);
    };

    request.on('error', (error: NodeJS.ErrnoException) => fail(reasonOf(error, sent), error));
    request.on('socket', (socket) => whenConnected(socket, send));
    request.on('response', (response) => {
      readAll(response).then(
        (text) => settle(() => resolve({ status: response.statusCode ?? 0, text })),
        (error: unknown) => fail(error instanceof RangeError ? 'too-long' : 'cut', error),
      );
    });
  });
}

function open({ method, url, body, agent }: Question): ClientRequest {
  const make = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers =
    body === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  return make(url, { method, agent, headers });
}

function whenConnected(socket: Socket, send: () => void): void {
  if (!socket.connecting) return send();
  socket.once((socket as Partial<TLSSocket>).encrypted === true ? 'secureConnect' : 'connect', send);
}

/**
 * The text of an answer. Rejects with a RangeError for an endless one, and with whatever the stream reports for a broken one.
 * Read event by event: answers of a hundred kilobytes come many times a second, and an iterator doubles what they cost.
 */
function readAll(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > LONGEST_ANSWER) reject(new RangeError('the answer is too long'));
    });
    response.on('end', () => resolve(text));
    response.on('error', reject);
    response.on('close', () => {
      if (!response.complete) reject(new Error('the connection was closed before the end of the answer'));
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException, sent: boolean): NoAnswerReason {
  if (error.code?.startsWith('HPE_')) return 'not-http';
  return sent ? 'lost' : 'unreachable';
}
