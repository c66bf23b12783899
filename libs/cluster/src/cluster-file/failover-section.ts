import {
  DEFAULT_FAILOVER,
  DISCARD_POLICIES,
  type FailoverSettings,
  HEAL_MODES,
} from '../failover/failover-settings';
import { readChoice } from './choice';
import { POLICY_KEYS, readPolicy } from './failover-policy';
import { type Field } from './field';
import { readNotify } from './notify-section';

/** Reads what happens when masters die, for all groups alike. Anything left out has its default. */
export function readFailover(field: Field): FailoverSettings {
  if (field.isAbsent) return DEFAULT_FAILOVER;
  const section = field.section([], [...POLICY_KEYS, 'discard', 'heal', 'notify']);
  return {
    ...DEFAULT_FAILOVER,
    ...readPolicy(section),
    discard: readChoice(section.discard, DISCARD_POLICIES, DISCARD) ?? DEFAULT_FAILOVER.discard,
    heal: readChoice(section.heal, HEAL_MODES, HEAL) ?? DEFAULT_FAILOVER.heal,
    notify: readNotify(section.notify),
  };
}

const DISCARD = {
  code: 'DISCARD_UNKNOWN',
  message: 'This is nothing that could be done with writes nobody else has',
};
const HEAL = { code: 'HEAL_UNKNOWN', message: 'There is no such way to deal with broken replication' };
