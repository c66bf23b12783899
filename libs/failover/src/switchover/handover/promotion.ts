import type { TableSlots } from '@slotferry/cluster';
import { CodisError, type CodisErrorCode } from '@slotferry/codis';
import { withTimeout } from '@slotferry/platform';
import { describeSlots } from '../../slots/slot-lists';
import type { FailoverMemory, SlotPositions } from '../../store/types';
import type { Stage, SwitchoverContext } from '../stage';
import { timing } from '../timing';
import { drainedFact } from './ledger';

/** Makes the slots of the replica masters of their own. Not the point of no return: no client is sent to them before the router is told. */
export async function detachReplica(
  context: SwitchoverContext,
  { from, to }: Stage,
  slots: readonly TableSlots[],
  drained: SlotPositions,
): Promise<void> {
  for (const { table, slots: numbers } of slots) {
    const name = describeSlots(numbers.map((slot) => ({ table, slot })));
    await context.command(
      {
        target: `pika ${to.address}`,
        action: `detach ${name} from ${from.address}`,
        send: (gate) => to.detach(numbers, table, gate),
      },
      { facts: drainedFact(drained) },
    );
  }
}

/** One promotion by the router, and whether its order has left this process. */
export class Promotion {
  sent = false;

  constructor(
    private readonly context: SwitchoverContext,
    private readonly stage: Stage,
    private readonly memory: FailoverMemory,
  ) {}

  /**
   * Tells the router. The intent is the point of no return. `check` is called once it is stored, because that took time in which
   * clients may have been let go; what it throws keeps the order back.
   */
  async promote(positions: SlotPositions, check: () => Promise<void>): Promise<void> {
    const { cluster, group, to } = this.stage;
    await this.context.command(
      {
        target: `${cluster.router.kind} ${cluster.router.address}`,
        action: `promote ${to.address} in group ${group}`,
        send: async (gate) => {
          await check();
          await withTimeout(this.remember(positions), timing.heldLook, 'the promotion to be remembered');
          return cluster.router.promote(group, to.address, () => {
            gate();
            this.sent = true;
          });
        },
      },
      {
        facts: { promoting: true },
        pointOfNoReturn: 'the router is about to be told to send clients to the new master',
        guard: { name: 'hold', expiresInMs: timing.promoteGuard },
      },
    );
  }

  /** Copies that return later are compared with it, so it is there before the first client is. */
  private remember(positions: SlotPositions): Promise<void> {
    const { cluster, group, from, to } = this.stage;
    return this.memory.recordPromotion(cluster.definition.name, group, {
      workflow: this.context.workflowId,
      at: this.context.now(),
      oldMaster: from.address,
      newMaster: to.address,
      positions,
    });
  }
}

/** True when the router surely has not begun what it was asked for. */
export function isSurelyRefused(error: unknown): error is CodisError {
  const codes: readonly CodisErrorCode[] = [
    'unreachable',
    'migration-running',
    'promoting',
    'group-not-found',
    'server-not-found',
    'xauth-refused',
  ];
  return error instanceof CodisError && !error.outcomeUnknown && codes.includes(error.code);
}
