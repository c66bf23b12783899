import { formatSlots } from '@slotferry/cluster';
import type { PikaNode } from '@slotferry/pika';
import { type JsonObject, type Outcome, type PhaseContext, wait } from '@slotferry/workflow';
import { block } from '../outcomes';
import type { AttachProgress } from './drive-attachment';

/** First look after so many ms; later ones at longer intervals, up to the second. */
const pollMs = { first: 50, last: 1_000 };

/** What a phase says that waits for attachments, or null when all are ready. */
export function attachmentOutcome(
  context: PhaseContext,
  progress: AttachProgress,
  approval: string,
): Outcome | null {
  const { refused, waitsFor, ready, total } = progress;
  if (refused) return refusal(refused, approval);
  if (!waitsFor) return null;
  const pollAfterMs = Math.min(pollMs.last, Math.max(pollMs.first, context.elapsedMs() / 20));
  return wait(waitsFor.code, waitsFor.message, pollAfterMs, { ready, total, lag: progress.lag });
}

/** Detaches slots of a node from masters, as far as they follow one of them; `facts` are stored before. Returns what is still missing, or null. */
export async function detachAll(
  context: PhaseContext,
  node: PikaNode,
  masters: readonly string[],
  slots: readonly number[],
  table: number,
  facts: JsonObject = {},
): Promise<string | null> {
  const infos = await node.slots(slots, table);
  const masterOf = (slot: number): string => infos.get(slot)?.following?.master ?? '';
  const following = slots.filter((slot) => masters.includes(masterOf(slot)));
  if (following.length === 0) return null;
  const from = [...new Set(following.map(masterOf))].join(', ');
  await context.command(
    {
      target: `pika ${node.address}`,
      action: `detach slots ${formatSlots(following)} from ${from}`,
      send: (gate) => node.detach(following, table, gate),
    },
    { facts },
  );
  return `${node.address} is being detached from ${from}`;
}

function refusal({ code, message }: NonNullable<AttachProgress['refused']>, approval: string): Outcome {
  switch (code) {
    case 'copy-of-its-own':
    case 'copy-diverged':
      return block(
        approval,
        `${message}. Attached plainly it could look healthy and stay different for ever`,
        `Look what it holds; then delete it there, or let it be replaced by a full copy: slotferry workflow approve <id> --code ${approval}`,
      );
    case 'follows-another-master':
      return block(
        code,
        message,
        'Find out who attached it there and detach it; this goes on by itself afterwards.',
      );
    case 'slot-missing':
      return block(
        code,
        message,
        'It was there a moment ago: find out who deleted it. Retry when it is back, or cancel.',
      );
  }
}
