import { createHash } from 'node:crypto';
import type { DraftEvent, WorkflowEvent } from './events';
import { canonicalJson, type Json } from './json';

/** The hash before the first event of a workflow: bound to its id, so that a log cannot be passed off as another's. */
export function genesisHash(workflowId: string): string {
  return sha256(`slotferry:${workflowId}`);
}

export interface ChainHead {
  readonly version: number;
  readonly hash: string;
}

/** Gives drafts their place in the chain behind `head`. `at` is the time of those that do not bring their own. */
export function seal(
  workflowId: string,
  head: ChainHead,
  drafts: readonly DraftEvent[],
  at: string,
  actor: string,
): WorkflowEvent[] {
  let { version, hash } = head;
  return drafts.map((one) => {
    version += 1;
    const prev = hash;
    const happened = one.at ?? at;
    const content = {
      workflowId,
      version,
      type: one.type,
      at: happened,
      actor,
      data: one.data as Json,
      prev,
    };
    hash = eventHash(content);
    return { ...one, workflowId, version, at: happened, actor, prev, hash };
  });
}

export interface ChainFault {
  readonly version: number;
  readonly code: 'gap' | 'broken-link' | 'changed';
}

/** Looks for a missing, reordered or changed event. Returns the first fault, or null when the log is whole from its beginning. */
export function verifyChain(workflowId: string, events: readonly WorkflowEvent[]): ChainFault | null {
  let head: ChainHead = { version: 0, hash: genesisHash(workflowId) };
  for (const event of events) {
    const { version, type, at, actor, prev, hash } = event;
    if (version !== head.version + 1) return { version: head.version + 1, code: 'gap' };
    if (prev !== head.hash) return { version, code: 'broken-link' };
    if (hash !== eventHash({ workflowId, version, type, at, actor, data: event.data as Json, prev })) {
      return { version, code: 'changed' };
    }
    head = { version, hash };
  }
  return null;
}

function eventHash(content: { readonly [key: string]: Json }): string {
  return sha256(canonicalJson(content));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
