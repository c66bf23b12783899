const NAME_WIDTH = 30;

/** What happened when, after the kill, by the product's own records and by what clients saw. */
export function tellTimeline(lab, { killed, events }, firstWriteMs) {
  const { detectedAt, agreedAfterMs, electedAfterMs, promotedAfterMs, reroutedAfterMs } = summaryIn(events);
  const after = (ms) => detectedAt + ms - killed.wall;
  const rows = [
    ['killed', 0],
    ['missed by a worker', after(0)],
    ['called dead by a quorum', after(agreedAfterMs)],
    ['new master elected', after(electedAfterMs)],
    ['promoted', after(promotedAfterMs)],
    ['every proxy rerouted', after(reroutedAfterMs)],
    ['first acknowledged write', firstWriteMs],
  ];
  console.log('\nWhat happened when:');
  for (const [what, ms] of rows)
    console.log(`  ${what.padEnd(NAME_WIDTH)}${`${Math.round(ms)} ms`.padStart(9)}`);
}

/** The table of the election. */
export function tellCandidates(lab, { events }) {
  console.log('\nThe election:');
  for (const { node, behindBytes, lossBytes, eligible, reasons } of electionIn(events).verdicts) {
    const numbers = `behind ${bytes(behindBytes)}, loss ${bytes(lossBytes)}`;
    const verdict = `${eligible ? 'eligible' : 'not eligible'}: ${reasons.join(' ')}`;
    console.log(`  ${nameOf(lab, node)}  ${numbers}  ${verdict}`);
  }
}

/** What the failover said of itself when it ended. */
export function summaryIn(events) {
  return resultOf(events, 'close');
}

/** The election that counted: the last one. */
export function electionIn(events) {
  const elections = events.flatMap(({ type, data }) =>
    type === 'fact-recorded' && data.facts.election ? [data.facts.election] : [],
  );
  return elections.at(-1);
}

export function nameOf({ cluster }, address) {
  return cluster.nodes.find((node) => node.address === address)?.name ?? address;
}

export function failoverSummary({ firstWriteMs, lost, rejoin }) {
  return [
    `No client could write for ${Math.round(firstWriteMs)} ms; the master was called dead after 1,000 ms of silence.`,
    `${lost.length} acknowledged writes had reached no replica and are lost; what only the old master held was written to ${rejoin.files.length} files.`,
    `The old master was a replica again ${(rejoin.tookMs / 1_000).toFixed(1)} s after its restart.`,
  ];
}

function resultOf(events, phase) {
  return (
    events.find(({ type, data }) => type === 'phase-completed' && data.phase === phase)?.data.result ?? {}
  );
}

function bytes(count) {
  return count === null ? 'not known' : `${count} bytes`;
}
