import { hash as digest } from 'node:crypto';
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

/** Gives drafts their place in the chain behind `head`. `at` and `actor` are those of drafts that do not bring their own. */
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
    const { type, data } = one;
    const content = { type, data, workflowId, version, at: one.at ?? at, actor: one.actor ?? actor, prev };
    hash = eventHash(content);
    return { ...content, hash } as WorkflowEvent;
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
    const { version, prev, hash } = event;
    if (version !== head.version + 1) return { version: head.version + 1, code: 'gap' };
    if (prev !== head.hash) return { version, code: 'broken-link' };
    if (hash !== eventHash({ ...event, workflowId })) return { version, code: 'changed' };
    head = { version, hash };
  }
  return null;
}

/** Over the canonical JSON of what an event holds: its members in the order of their names. */
function eventHash(event: Omit<WorkflowEvent, 'hash' | 'data'> & { readonly data: unknown }): string {
  const { actor, at, data, prev, type, version, workflowId } = event;
  const quoted = JSON.stringify;
  return sha256(
    `{"actor":${quoted(actor)},"at":${quoted(at)},"data":${canonicalJson(data as Json)},"prev":${quoted(prev)},` +
      `"type":${quoted(type)},"version":${quoted(version)},"workflowId":${quoted(workflowId)}}`,
  );
}

function sha256(text: string): string {
  return digest('sha256', text, 'hex');
}
