import { done, type Outcome } from '@slotferry/workflow';
import type { FailoverMemory } from '../store/types';
import { type FailoverContext, keep } from './facts';
import { tellHistory } from './news';

/** Says that nothing more is to be done: every phase to come does nothing but put back what was changed. */
export async function endEarly(
  context: FailoverContext,
  memory: FailoverMemory,
  code: 'master-is-back' | 'not-the-master' | 'owns-nothing',
  message: string,
): Promise<Outcome> {
  keep(context, { ended: { code, message } });
  await tellHistory(memory, context, 'non-decision', code, message);
  return done({ code, message });
}
