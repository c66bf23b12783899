import { FAILOVER_MODES, type FailoverPolicy } from '../failover/failover-settings';
import { readDuration } from './bounded-duration';
import { readByteSize } from './byte-size-field';
import { readChoice } from './choice';
import { type Field } from './field';
import { readWindows } from './windows-field';

/** What can be said for the cluster and, other than that, for a group of it. */
export const POLICY_KEYS = [
  'mode',
  'downAfter',
  'quorum',
  'maxLoss',
  'maxLossTime',
  'block',
  'windows',
] as const;

/** Reads what is said of a policy; what is not said is not in the answer, so that it can be laid over what counts else. */
export function readPolicy(section: Record<(typeof POLICY_KEYS)[number], Field>): Partial<FailoverPolicy> {
  return said({
    mode: readChoice(section.mode, FAILOVER_MODES, MODE),
    downAfterMs: readDuration(section.downAfter, DOWN_AFTER),
    quorum: readQuorum(section.quorum),
    maxLossBytes: readByteSize(section.maxLoss),
    maxLossMs: readDuration(section.maxLossTime, MAX_LOSS_TIME),
    blockMs: readDuration(section.block, BLOCK),
    windows: readWindows(section.windows),
  });
}

/** Reads the policy of one group; undefined when nothing is said. */
export function readGroupPolicy(field: Field): Partial<FailoverPolicy> | undefined {
  return field.isAbsent ? undefined : readPolicy(field.section([], POLICY_KEYS));
}

const DAY = 24 * 60 * 60_000;

const MODE = { code: 'MODE_UNKNOWN', message: 'There is no such mode of failover' };

/** Shorter is the hiccup of a sound node, longer is for people to handle. */
const DOWN_AFTER = {
  min: 500,
  max: 600_000,
  code: 'DOWN_AFTER_OUT_OF_RANGE',
  refuse: (duration: string) => `A master cannot be called down after ${duration}`,
};
const MAX_LOSS_TIME = {
  min: 0,
  max: DAY,
  code: 'MAX_LOSS_TIME_OUT_OF_RANGE',
  refuse: (duration: string) => `The loss cannot be limited to ${duration}`,
};
const BLOCK = {
  min: 0,
  max: DAY,
  code: 'BLOCK_OUT_OF_RANGE',
  refuse: (duration: string) => `A group cannot be blocked for ${duration}`,
};
const MAX_QUORUM = 99;

function readQuorum(field: Field): number | undefined {
  const quorum = field.integer();
  if (quorum === undefined || (quorum >= 1 && quorum <= MAX_QUORUM)) return quorum;
  field.report(
    'QUORUM_OUT_OF_RANGE',
    `${quorum} workers cannot be a quorum`,
    `Use 1 to ${MAX_QUORUM}, or remove the key: more than half of the live workers.`,
  );
  return undefined;
}

function said<T extends object>(values: { [Key in keyof T]: T[Key] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
