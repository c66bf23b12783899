import { CodisError } from '../codis.errors';
import { refusal } from '../refusal';
import { type Answer } from './exchange';

/** What was asked, for messages and for judging what a bad answer means. */
export interface Asked {
  readonly method: 'GET' | 'PUT';
  /** Reads like `PUT /api/topom/reload/*** at 10.0.0.1:18080`. */
  readonly text: string;
}

/** Status codes that Codis gives to errors of its own, with a `Cause` in the body. */
const REFUSALS = [800, 1500];

/** The JSON text of a good answer. Throws CodisError for every other one. */
export function accept(answer: Answer, asked: Asked): string {
  if (answer.status === 200) return answer.text;
  const cause = REFUSALS.includes(answer.status) ? causeIn(answer.text) : null;
  if (cause !== null) throw refusal(cause, asked.text);
  throw new CodisError({
    code: 'not-codis',
    message: `${asked.text} was answered with HTTP status ${answer.status}, which a Codis 3.2 does not do.`,
    // A missing route did nothing; whatever else failed may have begun.
    outcomeUnknown: asked.method === 'PUT' && answer.status !== 404,
  });
}

/** Changes are answered with the JSON text "OK". Throws CodisError for anything else. */
export function requireOk(text: string, asked: Asked): void {
  if (text.trim() === '"OK"') return;
  throw new CodisError({
    code: 'bad-answer',
    message: `${asked.text} was answered with something other than "OK".`,
    outcomeUnknown: true,
  });
}

function causeIn(text: string): string | null {
  try {
    const body = JSON.parse(text) as { readonly Cause?: unknown } | null;
    return typeof body?.Cause === 'string' ? body.Cause : null;
  } catch {
    return null;
  }
}
