import { type ReplyContext, unreadable } from '../reply';
import { field, reportLines } from './lines';

export interface PikaVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** As the node prints it, `3.4.1`. */
  readonly text: string;
}

/** What a node says about itself in `INFO server`. */
export interface NodeInfo {
  readonly version: PikaVersion;
  /** The port the node itself listens on. */
  readonly port: number;
  /** Seconds since the process started. */
  readonly uptimeSeconds: number;
  /** Differs after every restart. */
  readonly processId: number;
  readonly gitSha: string | null;
}

/** Reads `INFO server`. @throws PikaError `unexpected-reply` */
export function parseInfoServer(text: string, context: ReplyContext): NodeInfo {
  const fields = new Map(reportLines(text).map((line) => [field(line)?.name, field(line)?.value] as const));
  return {
    version: parseVersion(fields.get('pika_version') ?? '', context),
    port: count('tcp_port'),
    uptimeSeconds: count('uptime_in_seconds'),
    processId: count('process_id'),
    gitSha: fields.get('pika_git_sha') ?? null,
  };

  function count(name: string): number {
    const value = fields.get(name) ?? '';
    if (!/^\d+$/.test(value)) throw unreadable(context, `${name}:${value}`);
    return Number(value);
  }
}

/** Tables other than 0, and lists of slots in `PKCLUSTER INFO SLOT`, exist from 3.3 on. */
export function knowsTables({ major, minor }: PikaVersion): boolean {
  return major > 3 || (major === 3 && minor >= 3);
}

function parseVersion(text: string, context: ReplyContext): PikaVersion {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (!match) throw unreadable(context, `pika_version:${text}`);
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]), text };
}
