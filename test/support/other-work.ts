import { cpus, loadavg } from 'node:os';

/** Above this many runnable processes for each processor, measured times are those of the others, too. */
const mostPerProcessor = 0.25;

/** A warning for people when this machine has other work in this moment, or null. Ask before beginning any of your own. */
export function otherWork(): string | null {
  const [load = 0] = loadavg();
  if (load <= mostPerProcessor * cpus().length) return null;
  return `This machine has other work: ${load.toFixed(1)} processes wanted one of its ${cpus().length} processors in the last minute. What is measured now says little; run it again when it is quiet.`;
}
