/** The numbers of a rebalance, in lines. `history` is what it told of its progress, with the time. */
export function scaleOutSummary({ tookMs, times, history, progress }, { moved, others }) {
  const { held } = progress;
  const moveMs = times.find(({ phase }) => phase === 'move').ms;
  const phases = times.map(({ phase, ms }) => `${phase} ${seconds(ms)}`).join(', ');
  return [
    `It took ${seconds(tookMs)}: ${phases}.`,
    `${progress.moved} slots moved, ${(progress.moved / (moveMs / 1_000)).toFixed(1)} a second in the phase move.`,
    `What kept more from being under way: ${shares(history)}.`,
    `${pace(history)}`,
    `Clients of a slot were held for ${held.median} ms (median), p99 ${held.p99} ms, at most ${held.max} ms.`,
    `A write took, in slots that moved: p99 ${ms(moved.p99Ms)}, at most ${ms(moved.longestMs)}; in the others: p99 ${ms(others.p99Ms)}, at most ${ms(others.longestMs)}.`,
  ];
}

/** For how much of the time which limit kept more moves from being started. */
function shares(history) {
  const spent = new Map();
  for (const [index, { at, boundBy }] of history.slice(0, -1).entries()) {
    spent.set(boundBy, (spent.get(boundBy) ?? 0) + history[index + 1].at - at);
  }
  const all = [...spent.values()].reduce((sum, one) => sum + one, 0);
  const words = { 'nothing-left': 'nothing, all had been started' };
  return [...spent]
    .filter(([, time]) => time > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([bound, time]) => `${words[bound] ?? bound} (${Math.round((100 * time) / all)}% of the time)`)
    .join(', ');
}

function pace(history) {
  const slowest = history.reduce((least, one) => (one.pace < least.pace ? one : least));
  if (slowest.pace >= 1) return 'It went at full pace all the time.';
  return `It slowed down to ${Math.round(slowest.pace * 100)}% of its limit when ${slowest.paceBecause}.`;
}

function seconds(time) {
  return `${(time / 1_000).toFixed(1)} s`;
}

function ms(time) {
  return `${Math.ceil(time)} ms`;
}
