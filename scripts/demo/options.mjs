import { ScriptError } from '../processes.mjs';

/** The scenarios, with the longest time for which a client may wait, or no client may write after a failure, in ms. */
const STALL_LIMITS_MS = { 'move-slot': 150, 'scale-out': 300, failover: 2_000 };
const SCENARIOS = Object.keys(STALL_LIMITS_MS);
const SEE_HELP = 'npm run demo -- --help shows what it takes.';

export const HELP = `Moves slots of a whole cluster on this machine, or kills a master of it, while clients write, and checks what came of it.

  npm run demo                            run it, end everything, exit 0 only if every check holds
  npm run demo -- --scenario move-slot    one slot to a group that was just added; the default
  npm run demo -- --scenario scale-out    a third of all 1,024 slots to that group: plan, execute, watch; a minute or so
  npm run demo -- --scenario failover     a master dies while one of its replicas is behind; later it comes back
  npm run demo -- --keep                  leave everything running until Ctrl-C
  npm run demo -- --stall-limit 500       longest wait of a client that is allowed, in ms, and in failover
                                          longest time without a write; unless said otherwise
                                          ${SCENARIOS.map((name) => `${STALL_LIMITS_MS[name]} in ${name}`).join(', ')}
  npm run demo -- --help                  this text

What is missing is installed first: the packages of package-lock.json, and redis-server with apt-get.
Everything listens on free ports of 127.0.0.1 and keeps its data in a temporary directory that is removed at the end.`;

/** Reads the command line. Throws ScriptError for what it does not know. */
export function readOptions(args) {
  const options = { help: false, keep: false, scenario: 'move-slot', stallLimitMs: null };
  const rest = args.flatMap((arg) => /^(--[a-z-]+)=(.*)$/.exec(arg)?.slice(1) ?? arg);
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--help' || arg === '-h') options.help = true;
    else if (arg === '--keep') options.keep = true;
    else if (arg === '--scenario') options.scenario = scenario(rest.shift());
    else if (arg === '--stall-limit') options.stallLimitMs = milliseconds(rest.shift());
    else throw new ScriptError(`The demo does not know "${arg}".`, SEE_HELP);
  }
  return { ...options, stallLimitMs: options.stallLimitMs ?? STALL_LIMITS_MS[options.scenario] };
}

function scenario(name) {
  if (SCENARIOS.includes(name)) return name;
  const what = name === undefined ? '--scenario needs a name.' : `There is no scenario "${name}".`;
  throw new ScriptError(what, `Use ${SCENARIOS.join(', ')}.`);
}

function milliseconds(text) {
  if (/^[1-9]\d{0,5}$/.test(text ?? '')) return Number(text);
  throw new ScriptError(
    `"${text ?? ''}" is no time for --stall-limit.`,
    'Write milliseconds, for example 150.',
  );
}
