import { createHash } from 'node:crypto';
import type { FailoverNews } from './news';

/** What is sent to a hook: the same bytes at every try. */
export interface Message {
  /** The same for the same news, however often it is sent. */
  readonly delivery: string;
  readonly news: FailoverNews;
  readonly body: string;
}

/** The JSON text of news, with its delivery id inside, so that a signature covers it. */
export function toMessage(news: FailoverNews): Message {
  const delivery = deliveryId(news);
  const body = JSON.stringify({ delivery, ...news, at: new Date(news.at).toISOString() });
  return { delivery, news, body };
}

/** A worker that takes a phase over tells the same news at another time: the time counts only where no workflow is named. */
function deliveryId({ event, cluster, group, workflow, code, at }: FailoverNews): string {
  const about = [event, cluster, group, code, workflow ?? at];
  return createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 32);
}
