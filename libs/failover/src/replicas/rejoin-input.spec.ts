import type { Finding } from './finding';
import { rejoinInputOf, suspectsOf } from './rejoin-input';

const finding: Finding = {
  code: 'diverged',
  group: 1,
  node: '10.0.0.2:9521',
  master: '10.0.0.1:9521',
  slots: [
    { table: 0, slot: 1 },
    { table: 1, slot: 3 },
    { table: 0, slot: 2 },
  ],
  since: 0,
  message: '',
};

describe('the input of a rejoin', () => {
  it('names the slots that nothing else would show to be wrong', () => {
    const input = rejoinInputOf('lab', finding);
    expect(input).toEqual({
      cluster: 'lab',
      group: 1,
      node: '10.0.0.2:9521',
      finding: 'diverged',
      suspects: '0:1-2 1:3',
    });
    expect([...suspectsOf(input)]).toEqual(['0/1', '0/2', '1/3']);
  });

  it('names none otherwise', () => {
    const input = rejoinInputOf('lab', { ...finding, code: 'hollow' });
    expect(Object.keys(input)).toEqual(['cluster', 'group', 'node', 'finding']);
    expect([...suspectsOf(input)]).toEqual([]);
  });
});
