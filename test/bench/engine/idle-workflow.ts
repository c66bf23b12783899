import { done, wait, type Phase, type WorkflowDefinition } from '@slotferry/workflow';

/** How many phases, or jobs of a chain, one piece of work has. */
export const PHASES = 10;

const names = Array.from({ length: PHASES }, (_, index) => `phase-${index + 1}`);

type IdleInput = { readonly number: number };

/** Ten phases that do nothing. */
export const idle: WorkflowDefinition<IdleInput> = {
  name: 'idle',
  queue: 'idle',
  idPrefix: 'id',
  phases: names,
  title: ({ number }) => `do nothing, number ${number}`,
  scope: () => 'bench',
  resources: ({ number }) => [`number:${number}`],
};

/** One phase that waits for longer than any benchmark lasts. */
export const waiting: WorkflowDefinition<IdleInput> = {
  ...idle,
  name: 'waiting',
  idPrefix: 'wa',
  phases: ['wait'],
  resources: ({ number }) => [`waiting:${number}`],
};

const anHourMs = 3_600_000;

export const phases: readonly Phase[] = [
  ...names.map((name) => ({ workflow: idle.name, name, run: async () => done() })),
  {
    workflow: waiting.name,
    name: 'wait',
    run: async () => wait('time', 'It is too early.', anHourMs),
  },
];
