/**
 * Ends the processes of a script that was killed outright. The script writes `+<group>` and `-<group>` to it; the kernel closes
 * the pipe when the script is gone, whatever the reason, and then every group that is still there is ended.
 */
const GRACE_MS = 5_000;
const groups = new Set();
let rest = '';

process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) note(line);
});
process.stdin.on('end', () => {
  signalAll('SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  const timer = setInterval(() => {
    if (groups.size > 0 && Date.now() < deadline) return signalAll(0);
    signalAll('SIGKILL');
    clearInterval(timer);
  }, 50);
});

function note(line) {
  const group = Number(line.slice(1));
  if (line.startsWith('+')) groups.add(group);
  else groups.delete(group);
}

/** Forgets the groups that are gone. */
function signalAll(signal) {
  for (const group of groups) {
    try {
      process.kill(-group, signal);
    } catch {
      groups.delete(group);
    }
  }
}
