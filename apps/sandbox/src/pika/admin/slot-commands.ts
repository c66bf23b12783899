import { type RespReply, OK, array, bulk, failure, integer } from '../../resp';
import { bulkText } from '../data/command';
import { type NodeContext } from '../node-context';
import { type Slot } from '../slot';
import { globOf } from './config';
import { lastScan, startScan } from './key-scan';

type Run = (node: NodeContext, args: readonly Buffer[]) => RespReply;

const OUT_OF_RANGE = failure('ERR value is not an integer or out of range');

/** SLOTSMGRTTAGSLOT-ASYNC host port timeout maxbulks maxbytes slot numkeys: one key left while host:port follows the slot, else none. */
const migrateSlot: Run = (node, args) => {
  const [, host, port, , , , slotWord] = args.map(String);
  node.counters.migrationQuestions += 1;
  if (`${host}:${port}` === node.address) return failure('ERR destination address error');
  const id = slotNumber(node, slotWord);
  if (id === undefined) return OUT_OF_RANGE;
  const slot = findSlot(node, id);
  if (!slot && node.dialect.refusesForeignMigration) return failure('ERR no such key');
  return array([integer(0), integer(slot?.feedOf(`${host}:${port}`) ? 1 : 0)]);
};

const wrapper: Run = (node) => {
  node.counters.wrapperQuestions += 1;
  return array([integer(1), integer(1)]);
};

const hashKeys: Run = (node, [, ...keys]) => {
  const slotCount = node.store.table(0)?.slotCount ?? 1;
  return array(keys.map((key) => integer(node.dialect.slotOf(key, slotCount))));
};

/** Held slots with the number of keys that the last count found, and asks for a new one. */
const slotsInfo: Run = (node) => {
  const { bySlot } = lastScan(node);
  startScan(node);
  const held = node.store.table(0)?.slots ?? [];
  return array(held.map(({ id }) => array([integer(id), integer(bySlot.get(id) ?? 0)])));
};

/** SLOTSSCAN slot cursor [MATCH pattern] [COUNT n]. A cursor is a place in the keys sorted by their bytes. */
const slotsScan: Run = (node, args) => {
  const [, slotWord, cursorWord, ...options] = args.map((word) => word.toString('latin1'));
  const id = slotNumber(node, slotWord);
  if (id === undefined || !/^\d{1,15}$/.test(cursorWord ?? '')) return OUT_OF_RANGE;
  const parsed = scanOptions(options);
  if (!parsed) return failure('ERR syntax error');
  const keys = findSlot(node, id)?.data.keys(Date.now()).sort() ?? [];
  const from = Number(cursorWord);
  const page = keys.slice(from, from + parsed.count);
  const next = from + parsed.count < keys.length ? from + parsed.count : 0;
  return array([bulk(String(next)), array(page.filter((key) => parsed.match.test(key)).map(bulkText))]);
};

function scanOptions(words: readonly string[]): { match: RegExp; count: number } | undefined {
  let match = /^/;
  let count = 10;
  for (let index = 0; index < words.length; index += 2) {
    const value = words[index + 1];
    const name = words[index]?.toLowerCase();
    if (value === undefined) return undefined;
    if (name === 'match') match = globOf(value);
    else if (name === 'count' && /^[1-9]\d{0,8}$/.test(value)) count = Number(value);
    else return undefined;
  }
  return { match, count };
}

/** Empties slots of this node; slaves are not told. */
const slotsDelete: Run = (node, args) => {
  const ids = args.slice(1).map((word) => slotNumber(node, word.toString()));
  if (ids.some((id) => id === undefined)) return OUT_OF_RANGE;
  return array(
    ids.flatMap((id) => {
      if (id === undefined) return [];
      findSlot(node, id)?.data.clear();
      return [array([integer(id), integer(0)])];
    }),
  );
};

const migrationStatus: Run = () =>
  array(
    ['dest server: none:-1', 'slot number: -1', 'migrating  : no', 'moved keys : -1', 'remain keys: -1'].map(
      bulk,
    ),
  );

function slotNumber(node: NodeContext, word: string | undefined): number | undefined {
  const slot = Number(word);
  const isSlot = /^\d{1,9}$/.test(word ?? '') && slot < (node.store.table(0)?.slotCount ?? 0);
  return isSlot ? slot : undefined;
}

function findSlot(node: NodeContext, id: number): Slot | undefined {
  return node.findSlot({ table: 0, slot: id });
}

/** The commands that Codis needs, by name. */
export const SLOT_COMMANDS: readonly (readonly [string, { readonly arity: number; readonly run: Run }])[] = [
  ['slotsmgrttagslot-async', { arity: 8, run: migrateSlot }],
  ['slotsmgrtslot-async', { arity: 8, run: () => array([integer(0), integer(0)]) }],
  ['slotsmgrt-exec-wrapper', { arity: -3, run: wrapper }],
  ['slotsmgrt-async-status', { arity: 1, run: migrationStatus }],
  ['slotsmgrt-async-cancel', { arity: 1, run: () => OK }],
  ['slotshashkey', { arity: -2, run: hashKeys }],
  ['slotsinfo', { arity: -1, run: slotsInfo }],
  ['slotsscan', { arity: -3, run: slotsScan }],
  ['slotsdel', { arity: -2, run: slotsDelete }],
];
