import type { Candidate } from '@slotferry/cluster';
import { readCandidate, writeCandidate } from './survey-fact';

describe('a candidate in the log', () => {
  const candidate: Candidate = {
    node: '10.0.0.2:9221',
    problem: null,
    prefer: true,
    never: false,
    zone: 'b',
    slots: [
      { table: 0, slot: 3, state: 'following', position: { file: 2, offset: 17 } },
      { table: 0, slot: 4, state: 'missing', position: null },
      { table: 1, slot: 0, state: 'full-copy', position: { file: 0, offset: 0 } },
    ],
  };

  it('takes a line a slot', () => {
    expect(writeCandidate(candidate).slots).toEqual({
      '0': ['3 2 17', '4 - - missing'],
      '1': ['0 0 0 full-copy'],
    });
  });

  it('is read as it was written', () => {
    expect(readCandidate(writeCandidate(candidate))).toEqual(candidate);
  });
});
