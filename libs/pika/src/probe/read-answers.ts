import { type NodeInfo, parseInfoServer } from '../replies/info-server';
import { parseSlotInfo, type SlotInfo } from '../replies/slot-info';

/** Asks for what `readInfoAnswer` reads. */
export const INFO_QUESTION = ['INFO', 'server'] as const;

/** Asks for what `readSlotsAnswer` reads. */
export const SLOTS_QUESTION = ['PKCLUSTER', 'INFO', 'SLOT'] as const;

/** What a node says about itself. @throws PikaError `unexpected-reply` */
export function readInfoAnswer(node: string, text: string): NodeInfo {
  return parseInfoServer(text, { node, command: INFO_QUESTION.join(' ') });
}

/** Every slot of every table that the node holds. @throws PikaError `unexpected-reply` */
export function readSlotsAnswer(node: string, text: string): SlotInfo[] {
  return parseSlotInfo(text, { node, command: SLOTS_QUESTION.join(' ') });
}
