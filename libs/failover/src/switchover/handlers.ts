import type { Phase } from '@slotferry/workflow';
import type { SwitchoverInput } from '../definitions';
import { SwitchoverClose } from './phases/close';
import { SwitchoverHandover } from './phases/handover';
import { SwitchoverPreflight } from './phases/preflight';
import { SwitchoverReattach } from './phases/reattach';
import { SwitchoverSync } from './phases/sync';
import type { SwitchoverParts } from './stage';
import { tellingBlocks } from './tell-blocks';

/** The handlers of all phases of a switchover. */
export function switchoverHandlers(parts: SwitchoverParts): Phase<SwitchoverInput>[] {
  return [SwitchoverPreflight, SwitchoverSync, SwitchoverHandover, SwitchoverReattach, SwitchoverClose].map(
    (phase) => tellingBlocks(parts.notifier, new phase(parts)),
  );
}
