import { basename } from 'node:path';
import type { NotifySettings } from '@slotferry/cluster';
import { type Clock, sleep, systemClock } from '@slotferry/platform';
import { Command } from './command';
import type { Hook, HookAnswer } from './hook';
import { type Message, toMessage } from './message';
import type { FailoverNews } from './news';
import type { BeforeAnswer, Delivery, Notifier } from './notifier';
import { Webhook } from './webhook';

export interface NotifierOptions {
  /** Where secrets are read from and commands inherit a few variables of; left out: the environment of the process. */
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  /** Pauses before the second, third … try of an `after` hook, in milliseconds. */
  readonly pausesMs?: readonly number[];
}

const PAUSES_MS = [250, 1_000];

/** The hooks of one cluster file. */
export class SettingsNotifier implements Notifier {
  private readonly hooks: readonly Hook[];
  private readonly clock: Clock;
  private readonly pausesMs: readonly number[];

  constructor(settings: NotifySettings, options: NotifierOptions = {}) {
    this.hooks = hooksOf(settings, options.env);
    this.clock = options.clock ?? systemClock;
    this.pausesMs = options.pausesMs ?? PAUSES_MS;
  }

  async before(news: FailoverNews): Promise<BeforeAnswer> {
    const calls = await this.callAll('before', news, []);
    const vetoes = calls.flatMap(({ answer, delivery }) =>
      answer.veto === null ? [] : [`${delivery.hook}: ${answer.veto}`],
    );
    return {
      veto: vetoes.length > 0 ? vetoes.join('; ') : null,
      deliveries: calls.map(({ delivery }) => delivery),
    };
  }

  async after(news: FailoverNews): Promise<readonly Delivery[]> {
    return (await this.callAll('after', news, this.pausesMs)).map(({ delivery }) => delivery);
  }

  private callAll(
    when: 'before' | 'after',
    news: FailoverNews,
    pausesMs: readonly number[],
  ): Promise<Call[]> {
    const message = toMessage(news);
    const hooks = this.hooks.filter((hook) => hook.when === when);
    return Promise.all(hooks.map((hook) => this.call(hook, message, pausesMs)));
  }

  private async call(hook: Hook, message: Message, pausesMs: readonly number[]): Promise<Call> {
    const begun = this.clock.monotonicMs();
    let tries = 1;
    let answer = await hook.call(message);
    for (const pauseMs of pausesMs) {
      if (!answer.worthAnotherTry) break;
      await sleep(pauseMs);
      answer = await hook.call(message);
      tries += 1;
    }
    const tookMs = Math.round(this.clock.monotonicMs() - begun);
    return { answer, delivery: { hook: hook.name, ok: answer.ok, answer: answer.answer, tries, tookMs } };
  }
}

interface Call {
  readonly answer: HookAnswer;
  readonly delivery: Delivery;
}

function hooksOf(
  { webhooks, commands, timeoutMs }: NotifySettings,
  env: NodeJS.ProcessEnv | undefined,
): Hook[] {
  return [
    ...webhooks.map(
      (webhook, at) =>
        new Webhook({ ...webhook, name: `webhook ${at + 1} (${hostOf(webhook.url)})`, timeoutMs, env }),
    ),
    ...commands.map(
      ({ run, when }, at) =>
        new Command({ run, when, name: `command ${at + 1} (${basename(run[0])})`, timeoutMs, env }),
    ),
  ];
}

/** Paths and queries of webhooks are often secrets. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'no address';
}
