import { HANDOVER_WAYS, type MigrationSettings } from '../cluster-definition';
import { readDuration } from './bounded-duration';
import { readByteSize } from './byte-size-field';
import { readChoice } from './choice';
import { type Field } from './field';

/** What counts when the file says nothing. */
export const DEFAULT_MIGRATION: MigrationSettings = {
  holdBudgetMs: 1000,
  maxStallMs: 100,
  lagThresholdBytes: 1_048_576,
  handover: 'auto',
};

/** Reads how moves behave. Anything left out has its default. */
export function readMigration(field: Field): MigrationSettings {
  if (field.isAbsent) return DEFAULT_MIGRATION;
  const section = field.section([], ['holdBudget', 'maxStall', 'lagThreshold', 'handover']);
  return {
    holdBudgetMs: readDuration(section.holdBudget, HOLD_BUDGET) ?? DEFAULT_MIGRATION.holdBudgetMs,
    maxStallMs: readDuration(section.maxStall, MAX_STALL) ?? DEFAULT_MIGRATION.maxStallMs,
    lagThresholdBytes: readByteSize(section.lagThreshold) ?? DEFAULT_MIGRATION.lagThresholdBytes,
    handover: readChoice(section.handover, HANDOVER_WAYS, HANDOVER) ?? DEFAULT_MIGRATION.handover,
  };
}

/** Shorter is no hold that could succeed, longer is an outage. */
const HOLD_BUDGET = {
  min: 50,
  max: 30_000,
  code: 'HOLD_BUDGET_OUT_OF_RANGE',
  refuse: (duration: string) => `Clients cannot be held for ${duration}`,
};

/** No hold is shorter than a few round trips. */
const MAX_STALL = {
  min: 20,
  max: 10_000,
  code: 'MAX_STALL_OUT_OF_RANGE',
  refuse: (duration: string) => `A stall of ${duration} cannot be aimed at`,
};

const HANDOVER = { code: 'HANDOVER_UNKNOWN', message: 'There is no such way to hand slots over' };
