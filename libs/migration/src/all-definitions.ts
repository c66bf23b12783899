import { bootstrapDefinition, moveSlotDefinition } from './definitions';
import { rebalanceDefinition } from './rebalance/rebalance-definition';

/** Every workflow of this library, for the registry of a worker. */
export const migrationDefinitions = [moveSlotDefinition, bootstrapDefinition, rebalanceDefinition] as const;
