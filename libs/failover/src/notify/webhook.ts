import { readSecret, type SecretRef, toProblem } from '@slotferry/platform';
import type { Hook, HookAnswer } from './hook';
import type { Message } from './message';
import { signatureOf } from './signature';
import { vetoIn } from './veto';

export interface WebhookOptions {
  readonly name: string;
  readonly url: string;
  readonly secret: SecretRef | null;
  readonly when: 'before' | 'after';
  readonly timeoutMs: number;
  /** Where the secret is looked for, when not in the environment of the process. */
  readonly env: NodeJS.ProcessEnv | undefined;
}

const MAX_ANSWER_BYTES = 65_536;
const CONFLICT = 409;

/** Posts news as JSON. 409, or `{"veto": "reason"}` in any answer of success, refuses. Redirects are not followed. */
export class Webhook implements Hook {
  readonly name: string;
  readonly when: 'before' | 'after';

  constructor(private readonly options: WebhookOptions) {
    this.name = options.name;
    this.when = options.when;
  }

  async call(message: Message): Promise<HookAnswer> {
    const signature = this.sign(message.body);
    if ('unsigned' in signature) return failed(signature.unsigned, false);
    const limit = AbortSignal.timeout(this.options.timeoutMs);
    try {
      return await this.post(message, signature.headers, limit);
    } catch (error) {
      if (limit.aborted) return failed(`no answer within ${this.options.timeoutMs} ms`, true);
      return failed(`not reached: ${reasonOf(error)}`, true);
    }
  }

  /** A receiver that checks signatures would refuse an unsigned call, one that does not must not learn to trust it. */
  private sign(body: string): { readonly headers: Record<string, string> } | { readonly unsigned: string } {
    const { secret, env } = this.options;
    if (secret === null) return { headers: {} };
    try {
      return { headers: { 'X-Slotferry-Signature': signatureOf(body, readSecret(secret, env)) } };
    } catch (error) {
      return { unsigned: `not sent: ${toProblem(error).message}` };
    }
  }

  private async post(
    { body, delivery, news }: Message,
    signature: Record<string, string>,
    signal: AbortSignal,
  ): Promise<HookAnswer> {
    const response = await fetch(this.options.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': 'slotferry',
        'X-Slotferry-Event': news.event,
        'X-Slotferry-Delivery': delivery,
        ...signature,
      },
      body,
      redirect: 'manual',
      signal,
    });
    return judge(response.status, await readBounded(response));
  }
}

function judge(status: number, text: string): HookAnswer {
  const ok = (status >= 200 && status < 300) || status === CONFLICT;
  if (!ok) return failed(`answered ${status}`, status >= 500 || status === 408 || status === 429);
  const veto = vetoIn(text) ?? (status === CONFLICT ? 'no reason given (409)' : null);
  return {
    ok,
    veto,
    answer: veto === null ? `answered ${status}` : `refused: ${veto}`,
    worthAnotherTry: false,
  };
}

/** Nobody's answer may fill the memory. */
async function readBounded(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The code of the system (`ECONNREFUSED`) only: messages may name the whole address. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code ?? 'the connection or its address does not work';
}

function failed(answer: string, worthAnotherTry: boolean): HookAnswer {
  return { ok: false, veto: null, answer, worthAnotherTry };
}
