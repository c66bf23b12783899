import type { Phase } from '@slotferry/workflow';
import type { RejoinInput } from '../definitions';
import type { FailoverParts } from '../parts';
import { RejoinAttach } from './phases/attach';
import { RejoinKeep } from './phases/keep';
import { RejoinMeasure } from './phases/measure';
import { RejoinSurvey } from './phases/survey';
import { RejoinVerify } from './phases/verify';

/** The handlers of all phases of a rejoin. */
export function rejoinHandlers(parts: FailoverParts): Phase<RejoinInput>[] {
  return [RejoinSurvey, RejoinMeasure, RejoinKeep, RejoinAttach, RejoinVerify].map(
    (phase) => new phase(parts),
  );
}
