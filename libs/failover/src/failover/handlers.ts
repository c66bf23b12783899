import type { Phase } from '@slotferry/workflow';
import type { FailoverInput } from '../definitions';
import type { FailoverParts } from '../parts';
import { Close } from './phases/close';
import { Confirm } from './phases/confirm';
import { Converge } from './phases/converge';
import { Elect } from './phases/elect';
import { Park } from './phases/park';
import { Promote } from './phases/promote';
import { Reattach } from './phases/reattach';
import { Release } from './phases/release';
import { Reroute } from './phases/reroute';
import { Survey } from './phases/survey';

/** The phases of the workflow `failover`. */
export function failoverHandlers(parts: FailoverParts): Phase<FailoverInput>[] {
  return [
    new Confirm(parts),
    new Park(parts),
    new Survey(parts),
    new Elect(parts),
    new Converge(parts),
    new Promote(parts),
    new Reroute(parts),
    new Reattach(parts),
    new Release(parts),
    new Close(parts),
  ];
}
