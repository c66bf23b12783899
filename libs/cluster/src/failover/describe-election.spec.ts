import { describeElection } from './describe-election';
import { copy, held, replica, traces } from './elect.fixture';

describe('an election for people', () => {
  const candidates = [
    replica('10.0.0.5:9221', [100, 5_000_000]),
    replica('10.0.0.16:9221', [2100, 100]),
    replica('10.0.0.7:9221', [], { slots: [copy(0, 9, { state: 'hollow' }), copy(1, null)] }),
  ];

  it('is a table of all candidates, and the outcome', () => {
    expect(describeElection(held(candidates, { masterTrace: traces(2200, 100) }))).toEqual([
      'candidate       behind     loss       verdict',
      '10.0.0.5:9221   2.0 KiB    100 B      elected: Behind by 2.0 KiB on slot 0 of table 0.',
      '10.0.0.16:9221  4.8 MiB    100 B      eligible: Behind by 4.8 MiB on slot 1 of table 0.',
      '10.0.0.7:9221   not known  not known  not eligible: It never got what its master wrote to slot 0 of table 0. Its position of slot 1 of table 0 could not be read.',
      '10.0.0.5:9221 becomes master after it got the rest of 1 slot from 10.0.0.16:9221; known loss 100 B, of 400 ms or more',
    ]);
  });

  it('says that a loss is not known, and nothing of tails where there are none', () => {
    expect(describeElection(held([replica('a:1', [1, 1])])).at(-1)).toBe(
      'a:1 becomes master; loss not known',
    );
  });

  it('says why nobody was elected', () => {
    expect(describeElection(held([]))).toEqual([
      'candidate  behind  loss  verdict',
      'undecided (no-candidate): No replica can take over without an operator.',
    ]);
  });
});
