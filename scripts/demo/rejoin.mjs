import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { CLUSTER } from './cluster-file.mjs';
import { SLOT_COUNT } from './slots.mjs';

const LIMIT_MS = 120_000;
const POLL_MS = 200;
const ALL = Array.from({ length: SLOT_COUNT / 2 }, (_, slot) => slot);

/** Starts the old master again and heals its link; resolves when every node of the group holds the same in every slot, or time is over. */
export async function restoreOldMaster({ control, dataDir, cluster }, master, behind) {
  const since = Date.now();
  await control.link(master.name, behind.name, 'restore');
  await control.node(master.name, 'restart');
  const nodes = cluster.nodes.slice(0, 3).map(({ name }) => name);
  for (;;) {
    const different = await differencesOf(control, nodes);
    const tookMs = Date.now() - since;
    if (different.length === 0 || tookMs > LIMIT_MS) {
      if (different.length === 0)
        console.log(`  it follows the new master in every slot, and holds the same`);
      return { tookMs, different, files: filesIn(dataDir) };
    }
    await sleep(POLL_MS);
  }
}

/** Slots in which the nodes do not hold the same, or one of them but the master follows nobody. */
async function differencesOf(control, nodes) {
  const copies = await Promise.all(nodes.map((name) => control.slots(name, ALL)));
  return ALL.filter((slot) => {
    const ofSlot = copies.map((one) => one[slot]);
    const masters = ofSlot.filter(({ master }) => master === null);
    return masters.length !== 1 || new Set(ofSlot.map(({ digest }) => digest)).size !== 1;
  });
}

/** Files with writes that only the old master held, with the keys in each. */
function filesIn(dataDir) {
  const folder = join(dataDir, 'discarded', CLUSTER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean);
    return { name, keys: lines.map((line) => JSON.parse(line).key) };
  });
}
