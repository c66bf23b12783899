import type { JsonObject } from '../src/json';
import type { WorkflowDefinition } from '../src/definition';

export type ToyInput = JsonObject & { readonly name: string };

/** Three phases; holds its name while it runs. */
export const toy: WorkflowDefinition<ToyInput> = {
  name: 'toy',
  queue: 'toys',
  idPrefix: 'ty',
  phases: ['alpha', 'beta', 'gamma'],
  limits: {
    alpha: { maxAttempts: 3, backoffMs: 20, backoffMaxMs: 50 },
    beta: { maxAttempts: 3, backoffMs: 20, backoffMaxMs: 50, deadlineMs: 60_000 },
    gamma: { maxAttempts: 3, backoffMs: 20, backoffMaxMs: 50 },
  },
  title: ({ name }) => `Play with ${name}`,
  scope: () => 'playground',
  resources: ({ name }) => [`toy:${name}`],
  touches: ({ name }) => [`shelf:${name.slice(0, 1)}`],
};
