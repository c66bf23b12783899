/** Commands whose arguments are slots, tables and addresses: never data, never secrets. */
const HARMLESS = /^(pkcluster|info|slots\w*|slotsmgrt\S*|select|ping|slaveof|role|dbsize)$/i;
const LONGEST = 160;

/**
 * A command as it may appear in messages and records. Keys, values, passwords and settings are left out: of every command that
 * could carry one, only the name is shown.
 */
export function describeCommand(args: readonly (string | Buffer)[]): string {
  const [name = ''] = args;
  const shown = isHarmless(name.toString()) ? args.map(String).join(' ') : name.toString().toUpperCase();
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}...` : shown;
}

function isHarmless(name: string): boolean {
  return HARMLESS.test(name) && !/^(slotsmgrt-exec-wrapper|slotshashkey)$/i.test(name);
}
