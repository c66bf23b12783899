import type { Phase, PhaseContext } from '@slotferry/workflow';
import { BootstrapAssignSlots } from './bootstrap/phases/assign-slots';
import { BootstrapAttachReplicas } from './bootstrap/phases/attach-replicas';
import { BootstrapCreateGroups } from './bootstrap/phases/create-groups';
import { BootstrapCreateSlots } from './bootstrap/phases/create-slots';
import { BootstrapPreflight } from './bootstrap/phases/preflight';
import { BootstrapVerify } from './bootstrap/phases/verify';
import type { ClusterSource } from '@slotferry/inventory';
import type { BootstrapInput, MoveSlotInput } from './definitions';
import { WindowsByCluster } from './move-slot/handover/hold-windows';
import { AttachMaster } from './move-slot/phases/attach-master';
import { AttachReplicas } from './move-slot/phases/attach-replicas';
import { CatchUp } from './move-slot/phases/catch-up';
import { CleanUp } from './move-slot/phases/clean-up';
import { CreateSlots } from './move-slot/phases/create-slots';
import { Handover } from './move-slot/phases/handover';
import { Preflight } from './move-slot/phases/preflight';
import { RebalanceMove } from './rebalance/phases/move';
import { RebalancePrepare } from './rebalance/phases/prepare';
import { RebalanceSettle } from './rebalance/phases/settle';
import type { RebalanceInput } from './rebalance/rebalance-definition';
import { Verify } from './move-slot/phases/verify';

/** The handlers of all phases, for the registry of a worker. */
export function migrationPhases(
  clusters: ClusterSource,
): (Phase<MoveSlotInput> | Phase<BootstrapInput> | Phase<RebalanceInput>)[] {
  const windows = new WindowsByCluster();
  const moveSlot = [Preflight, CreateSlots, AttachMaster, AttachReplicas, CatchUp, Verify, CleanUp];
  const bootstrap = [
    BootstrapPreflight,
    BootstrapCreateSlots,
    BootstrapAttachReplicas,
    BootstrapCreateGroups,
    BootstrapAssignSlots,
    BootstrapVerify,
  ];
  const rebalance = [RebalancePrepare, RebalanceMove, RebalanceSettle];
  return [
    new Handover(clusters, windows),
    ...moveSlot.map((phase) => politely(new phase(clusters), windows)),
    ...bootstrap.map((phase) => new phase(clusters)),
    ...rebalance.map((phase) => new phase(clusters)),
  ];
}

/** How long a move that is not at its handover waits for those that are, in milliseconds. */
const politeMs = 150;

/** While clients are held, no other move begins with anything in this process for a moment: they would wait longer. */
function politely(phase: Phase<MoveSlotInput>, windows: WindowsByCluster): Phase<MoveSlotInput> {
  const { workflow, name } = phase;
  const quiet = (context: PhaseContext<MoveSlotInput>): Promise<void> =>
    windows.of(context.input.cluster).quiet(politeMs);
  return {
    workflow,
    name,
    run: async (context) => {
      await quiet(context);
      return phase.run(context);
    },
    ...(phase.undo && {
      undo: async (context) => {
        await quiet(context);
        return phase.undo?.(context) ?? { kind: 'done' };
      },
    }),
  };
}
