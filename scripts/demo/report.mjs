const NAME_WIDTH = 38;

/** Prints what came of the checks. */
export function tellChecks({ summary, checks }) {
  console.log('');
  for (const { name, holds, found, why } of checks) {
    console.log(`  ${holds ? 'ok    ' : 'FAILED'} ${name.padEnd(NAME_WIDTH)}${found}`);
    if (!holds) console.log(`         ${why}`);
  }
  console.log('');
  for (const line of summary) console.log(`  ${line}`);
  const failed = checks.filter(({ holds }) => !holds).length;
  if (failed === 0) console.log(`  All ${checks.length} checks hold.`);
  else console.log(`  ${failed} of ${checks.length} checks failed; see above.`);
}

/** Prints where everything is, and the commands that the scenario suggests. */
export function tellAddresses({ api, cluster, keyFile, logs, redisUrl }, { commands }) {
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
  console.log('\nTry, in another terminal, in this directory:\n');
  for (const command of commands) console.log(`  ${cli} ${command}`);
  console.log('\nCtrl-C ends it.');
}

/** Says how to go on when nothing was left running. */
export function tellNext({ next }) {
  const width = Math.max(...next.map(([what]) => what.length)) + 3;
  console.log('\nNext:');
  for (const [what, about] of next) console.log(`  ${what.padEnd(width)}${about}`);
}
