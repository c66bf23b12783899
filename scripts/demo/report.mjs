const NAME_WIDTH = 38;

/** Prints what came of the checks. */
export function tellChecks({ move, checks }) {
  console.log('');
  for (const { name, holds, found, why } of checks) {
    console.log(`  ${holds ? 'ok    ' : 'FAILED'} ${name.padEnd(NAME_WIDTH)}${found}`);
    if (!holds) console.log(`         ${why}`);
  }
  console.log(
    `\n  The move took ${move.tookMs} ms; clients of the slot were held for ${move.heldMs ?? 'an unknown number of'} ms of it.`,
  );
  const failed = checks.filter(({ holds }) => !holds).length;
  if (failed === 0) console.log(`  All ${checks.length} checks hold.`);
  else console.log(`  ${failed} of ${checks.length} checks failed; see above.`);
}

/** Prints where everything is. */
export function tellAddresses({ api, cluster, keyFile, logs, redisUrl }, move) {
  const cli = `node dist/apps/cli/main.js --url ${api.url} --key-file ${keyFile}`;
  const rows = [
    ['API', api.url],
    ['its description', `${api.url}/docs`],
    ['key file', keyFile],
    ['dashboard', `http://${cluster.dashboard.address}`],
    ...cluster.proxies.map(({ name, client, admin }) => [name, `${client}   admin http://${admin}`]),
    ...cluster.nodes.map(({ name, address }) => [name, address]),
    ['faults and costs', `http://${cluster.control}`],
    ['Redis', redisUrl],
    ['logs', logs],
  ];
  console.log('\nEverything goes on running.\n');
  for (const [name, value] of rows) console.log(`  ${name.padEnd(NAME_WIDTH / 2)}${value}`);
  console.log(`
Try, in another terminal, in this directory:

  ${cli} cluster show --cluster lab
  ${cli} workflow history ${move.id}
  ${cli} move 2-5 --cluster lab --to 3 --wait

Ctrl-C ends it.`);
}

/** Says how to go on when nothing was left running. */
export function tellNext() {
  console.log(`
Next:
  npm run demo -- --keep          the same, left running, with addresses and commands to try
  docs/guide/moving-a-slot.md     what each phase does, and what it waits for
  README.md                       the first cluster of your own`);
}
