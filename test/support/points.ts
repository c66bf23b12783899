import { type TappedCommand } from '../../apps/sandbox/src/tap';
import { type Lab } from './lab';

/** A moment of a move, seen from the server that gets a command: before it is executed, or before its answer leaves. */
export interface Point {
  readonly name: string;
  /** `dashboard`, or the name of a proxy or a node. */
  readonly server: string;
  /** Whether this is the command. Asked in the order of the commands, so it may remember. */
  is(command: TappedCommand, slot: number, lab: Lab): boolean;
}

export type Moment = TappedCommand['moment'];

const command = (name: string, server: string, ...words: readonly string[]): Point => ({
  name,
  server,
  is: ({ text }, slot) => words.every((word) => text.includes(word)) && text.endsWith(` ${slot}`),
});

/** Every command of a move that changes something, in its order: group 1 is pika1 and pika2, group 3 is pika5 and pika6. */
export const commands = {
  createAtMaster: command('creating the slot on the new master', 'pika5', 'addslots'),
  createAtReplica: command('creating the slot on the new replica', 'pika6', 'addslots'),
  attachMaster: command('attaching the new master', 'pika5', 'slotsslaveof 127'),
  attachReplica: command('attaching the new replica', 'pika6', 'slotsslaveof 127'),
  queue: {
    name: 'queueing the handover',
    server: 'dashboard',
    is: ({ text }: TappedCommand, slot: number) =>
      text.includes('/slots/action/create/') && text.includes(`/${slot}/3`),
  },
  detachMaster: command('detaching the new master', 'pika5', 'slotsslaveof no one'),
  detachOldReplica: command('detaching the old replica', 'pika2', 'slotsslaveof no one'),
  deleteAtReplica: command('deleting the slot on the old replica', 'pika2', 'delslots'),
  deleteAtMaster: command('deleting the slot on the old master', 'pika1', 'delslots'),
} satisfies Readonly<Record<string, Point>>;

/** Ending a hold: the slot goes back to its source at the dashboard. */
export const takingBack: Point = {
  name: 'assigning the slot back to its source',
  server: 'dashboard',
  is: ({ text }, slot) => text.includes('/slots/assign/') && text.includes(`"id":${slot}`),
};

/** The first look at the dashboard. */
export const preflightBegun: Point = {
  name: 'looking at the router for the first time',
  server: 'dashboard',
  is: ({ text }) => text.includes('/topom/model'),
};

/** A look at the old master after everybody has been attached. */
export const catchingUp: Point = {
  name: 'waiting until everybody is level',
  server: 'pika1',
  is: ({ text }, slot, lab) =>
    text.endsWith(`info slot ${slot}`) &&
    lab.node('pika6').findSlot({ table: 0, slot })?.attachment?.state === 'kConnected',
};

/** A look at the dashboard that shows every proxy holding. */
export const holdingSeen: Point = {
  name: 'seeing that the proxies hold',
  server: 'dashboard',
  is: ({ answer }) => answer?.includes('"state": "migrating"') === true,
};

/** The look at the dashboard that confirms the switch: the first one without an action after one with it. */
export function switchSeen(): Point {
  let held = false;
  return {
    name: 'seeing that the router has switched',
    server: 'dashboard',
    is: ({ answer, text }) => {
      if (!answer || !text.includes('/topom/stats')) return false;
      const acting = /"state": "(migrating|finished)"/.test(answer.toString('latin1'));
      const is = held && !acting;
      held ||= acting;
      return is;
    },
  };
}
