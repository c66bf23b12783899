import type { Election } from '@slotferry/cluster';
import { readTails, writeElection } from './election-fact';

describe('an election in the log', () => {
  it('keeps the tails that the winner has to fetch', () => {
    const tails = [
      { from: '10.0.0.3:9221', table: 0, slot: 7, to: { file: 1, offset: 20 } },
      { from: '[2001:db8::5]:9221', table: 1, slot: 0, to: { file: 0, offset: 9 } },
    ];
    const election: Election & { kind: 'elected' } = {
      kind: 'elected',
      winner: '10.0.0.2:9221',
      tails,
      lossBytes: 0,
      lossMs: null,
      verdicts: [],
    };
    expect(writeElection(election).tails).toEqual(['10.0.0.3:9221 0 7 1 20', '[2001:db8::5]:9221 1 0 0 9']);
    expect(readTails(writeElection(election))).toEqual(tails);
  });
});
