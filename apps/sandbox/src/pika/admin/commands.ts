import {
  type RespReply,
  type RespSession,
  NULL_BULK,
  OK,
  array,
  bulk,
  failure,
  integer,
  simple,
} from '../../resp';
import { type NodeContext } from '../node-context';
import { logIn, selectTable } from '../session-state';
import { clientCommand } from './client';
import { configCommand } from './config';
import { infoCommand } from './info';
import { lastScan } from './key-scan';
import { SLOT_COMMANDS } from './slot-commands';

/** A command that is not about a key. */
export interface AdminCommand {
  /** Number of words with the name; negative: at least as many. */
  readonly arity: number;
  readonly run: (
    node: NodeContext,
    args: readonly Buffer[],
    session: RespSession,
  ) => RespReply | Promise<RespReply>;
}

const auth: AdminCommand['run'] = (node, [, password], session) => {
  if (node.password === '') return failure('ERR Client sent AUTH, but no password is set');
  if (password?.toString() !== node.password) return failure('ERR invalid password');
  logIn(session);
  return OK;
};

const select: AdminCommand['run'] = (node, [, word], session) => {
  const text = word?.toString() ?? '';
  if (!/^\d{1,9}$/.test(text) || !node.store.table(Number(text))) {
    return failure("ERR invalid Table for 'select'");
  }
  selectTable(session, Number(text));
  return OK;
};

const time: AdminCommand['run'] = () => {
  const now = Date.now();
  return array([bulk(String(Math.floor(now / 1_000))), bulk(String((now % 1_000) * 1_000))]);
};

/** Every command that is not about a key, by its name in lower case. */
export const ADMIN_COMMANDS: ReadonlyMap<string, AdminCommand> = new Map<string, AdminCommand>([
  ['ping', { arity: 1, run: () => simple('PONG') }],
  ['echo', { arity: 2, run: (_node, [, word]) => (word ? bulk(word) : NULL_BULK) }],
  ['auth', { arity: 2, run: auth }],
  ['select', { arity: 2, run: select }],
  ['time', { arity: 1, run: time }],
  ['dbsize', { arity: 1, run: (node) => integer(lastScan(node).total) }],
  ['info', { arity: -1, run: infoCommand }],
  ['config', { arity: -2, run: configCommand }],
  ['client', { arity: -2, run: clientCommand }],
  ...SLOT_COMMANDS,
]);
