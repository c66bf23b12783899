import { formatPosition } from '@slotferry/cluster';
import { done, type Outcome } from '@slotferry/workflow';
import { clientsElsewhere } from '../clients-elsewhere';
import { lookAtSlots } from '../../slots/look-at-slots';
import type { RejoinContext, RejoinScene } from '../rejoin-scene';
import { RejoinPhase } from './rejoin-phase';

/** Finds who takes part, makes sure that no client is served by the node, and notes where its detached copies stand. */
export class RejoinSurvey extends RejoinPhase {
  readonly name = 'survey';

  protected async work(context: RejoinContext, scene: RejoinScene): Promise<Outcome> {
    const served = await clientsElsewhere(scene);
    if (served) return served;
    const [atNode] = await Promise.all([lookAtSlots(scene.node, scene.slots), scene.master.ping()]);
    const detached = [...atNode].filter(([, info]) => info.following === null);
    context.record({
      stood: Object.fromEntries(detached.map(([key, info]) => [key, formatPosition(info.position)])),
    });
    return done({ slots: scene.slots.length, held: atNode.size, detached: detached.length });
  }
}
