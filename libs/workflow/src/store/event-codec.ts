import type { DraftEvent, WorkflowEvent } from '../events';
import { LogUnreadable } from '../workflow.errors';

/** An entry of a Redis stream: id, then names and values in turn. */
export type StreamEntry = [id: string, fields: string[]];

/** Turns a stream entry back into an event. Throws when something is missing: a log that cannot be read is not guessed at. */
export function readEntry(workflowId: string, [id, fields]: StreamEntry): WorkflowEvent {
  const field = (name: string): string => {
    const value = fieldOf(fields, name);
    if (value === undefined) throw new LogUnreadable(workflowId, id, `it has no ${name}`);
    return value;
  };
  const parse = (text: string): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new LogUnreadable(workflowId, id, 'its data is not JSON');
    }
  };
  const draft = { type: field('type'), data: parse(field('data')) } as DraftEvent;
  return {
    ...draft,
    workflowId,
    version: Number(id.split('-')[0]),
    at: field('at'),
    actor: field('actor'),
    prev: field('prev'),
    hash: field('hash'),
  };
}

/** The hash of an entry, found without reading its data; undefined when there is none. */
export function hashOf([, fields]: StreamEntry): string | undefined {
  return fieldOf(fields, 'hash');
}

function fieldOf(fields: readonly string[], name: string): string | undefined {
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (fields[index] === name) return fields[index + 1];
  }
  return undefined;
}
