/** What clients noticed, `moved` being what `seenBy` tells of slots that moved and `others` of those that did not. */
export async function writeChecks({ writers, moved, others, heldMs, stallLimitMs, names }) {
  const [ofMoved, ofOthers] = names;
  const lost = await writers.findLost();
  const errors = [...moved.errors, ...others.errors];
  return [
    {
      name: 'writes acknowledged',
      holds: moved.acknowledged > 0 && others.acknowledged > 0,
      found: `${moved.acknowledged} in ${ofMoved} by ${moved.clients} clients, ${others.acknowledged} in ${ofOthers} by ${others.clients}`,
      why: 'Clients that got no answer prove nothing; their errors are below.',
    },
    {
      name: 'writes lost',
      holds: lost.length === 0,
      found: `${lost.length} of ${moved.acknowledged + others.acknowledged}, all read back through the proxies`,
      why: `Acknowledged and not there, for example ${lost[0]}. That must never happen: keep everything with --keep and look at it.`,
    },
    {
      name: 'client errors',
      holds: errors.length === 0,
      found: String(errors.length),
      why: `Clients must not notice a move. The first error: ${errors[0]}`,
    },
    {
      name: 'longest stall',
      holds: Math.max(moved.longestMs, others.longestMs) <= stallLimitMs,
      found: `${Math.ceil(moved.longestMs)} ms in ${ofMoved}, ${Math.ceil(others.longestMs)} ms in ${ofOthers}; limit ${stallLimitMs} ms`,
      why: `Clients of a slot were held for ${heldMs} ms at most, and this process itself came to stand for ${Math.ceil(writers.longestDelayMs)} ms. Where a stall is much longer than the hold, the machine has other work: end that and run it again.`,
    },
  ];
}
