import { parseByteSize } from '../byte-size';
import { HANDOVER_WAYS, type HandoverWay, type MigrationSettings } from '../cluster-definition';
import { formatDuration, parseDuration } from '../duration';
import { type Field } from './field';

/** Bounds of the time clients may be held, in milliseconds: shorter is no hold that could succeed, longer is an outage. */
export const HOLD_BUDGET_RANGE = { min: 50, max: 30_000 } as const;

/** What counts when the file says nothing. */
export const DEFAULT_MIGRATION: MigrationSettings = {
  holdBudgetMs: 1000,
  lagThresholdBytes: 1_048_576,
  handover: 'auto',
};

/** Reads how moves behave. Anything left out has its default. */
export function readMigration(field: Field): MigrationSettings {
  if (field.isAbsent) return DEFAULT_MIGRATION;
  const section = field.section([], ['holdBudget', 'lagThreshold', 'handover']);
  return {
    holdBudgetMs: readHoldBudget(section.holdBudget) ?? DEFAULT_MIGRATION.holdBudgetMs,
    lagThresholdBytes: readLagThreshold(section.lagThreshold) ?? DEFAULT_MIGRATION.lagThresholdBytes,
    handover: readHandover(section.handover) ?? DEFAULT_MIGRATION.handover,
  };
}

function readHoldBudget(field: Field): number | undefined {
  const text = typeof field.value === 'number' ? String(field.value) : field.text();
  const milliseconds = field.parse(text, parseDuration);
  const { min, max } = HOLD_BUDGET_RANGE;
  if (milliseconds === undefined || (milliseconds >= min && milliseconds <= max)) return milliseconds;
  field.report(
    'HOLD_BUDGET_OUT_OF_RANGE',
    `Clients cannot be held for ${formatDuration(milliseconds)}`,
    `Use ${formatDuration(min)} to ${formatDuration(max)}.`,
  );
  return undefined;
}

function readLagThreshold(field: Field): number | undefined {
  const text = typeof field.value === 'number' ? String(field.value) : field.text();
  return field.parse(text, parseByteSize);
}

function readHandover(field: Field): HandoverWay | undefined {
  const text = field.text();
  const way = HANDOVER_WAYS.find((known) => known === text);
  if (text === undefined || way !== undefined) return way;
  field.report(
    'HANDOVER_UNKNOWN',
    'There is no such way to hand slots over',
    `Write one of ${HANDOVER_WAYS.join(', ')}, or remove the key.`,
  );
  return undefined;
}
