import { DEFAULT_FAILOVER, type NotifySettings } from '../failover/failover-settings';
import { readDuration } from './bounded-duration';
import { readChoice } from './choice';
import { type Field } from './field';
import { readSecretSource } from './secret-source';

type Webhook = NotifySettings['webhooks'][number];
type Command = NotifySettings['commands'][number];

/** Reads who is told of failovers, and who is asked before. */
export function readNotify(field: Field): NotifySettings {
  if (field.isAbsent) return DEFAULT_FAILOVER.notify;
  const section = field.section([], ['webhooks', 'commands', 'timeout']);
  return {
    webhooks: (section.webhooks.list() ?? []).flatMap((entry) => readWebhook(entry) ?? []),
    commands: (section.commands.list() ?? []).flatMap((entry) => readCommand(entry) ?? []),
    timeoutMs: readDuration(section.timeout, TIMEOUT) ?? DEFAULT_FAILOVER.notify.timeoutMs,
  };
}

/** Whoever is asked before holds up a failover for so long at most. */
const TIMEOUT = {
  min: 100,
  max: 60_000,
  code: 'NOTIFY_TIMEOUT_OUT_OF_RANGE',
  refuse: (duration: string) => `A call cannot be given ${duration}`,
};

const WHEN = { code: 'WHEN_UNKNOWN', message: 'There is no such moment' };

function readWebhook(entry: Field): Webhook | undefined {
  const section = entry.section(['url'], ['secret', 'when']);
  const url = readUrl(section.url);
  const secret = readSecretSource(section.secret) ?? null;
  const when = readWhen(section.when);
  return url === undefined ? undefined : { url, secret, when };
}

/** The path of a webhook is often a secret of its own: it is never repeated. */
function readUrl(field: Field): string | undefined {
  const text = field.text();
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username + url.password === '') return url.href;
  field.report(
    'WEBHOOK_INVALID',
    'This is not the address of a webhook',
    'Write http://host/path or https://host/path, without a user and a password.',
  );
  return undefined;
}

function readCommand(entry: Field): Command | undefined {
  const section = entry.section(['run'], ['when']);
  const words = (section.run.list() ?? []).map((word) => word.text());
  const when = readWhen(section.when);
  const [program, ...rest] = words.filter((word) => word !== undefined);
  return program === undefined ? undefined : { run: [program, ...rest], when };
}

function readWhen(field: Field): 'before' | 'after' {
  return readChoice(field, ['before', 'after'], WHEN) ?? 'after';
}
