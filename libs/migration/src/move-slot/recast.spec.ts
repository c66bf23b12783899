import { recast, replacedMasters } from './recast';

const fact = {
  sourceMaster: 'a:1',
  sourceReplicas: ['b:1', 'c:1'],
  targetMaster: 'e:1',
  targetReplicas: ['f:1'],
};
const groups = { from: 1, to: 3 };

describe('the cast after failovers', () => {
  it('stays as it is when none concerned it', () => {
    const cases: Record<string, string>[] = [{}, { '2': 'x:1' }, { '1': 'a:1', '3': 'e:1' }];
    for (const masters of cases) {
      expect(recast(fact, groups, masters)).toEqual({
        ...fact,
        formerSource: null,
        formerTarget: null,
        mayBeFollowed: [],
      });
    }
  });

  it('gives the role to the new master, and puts the former one among the replicas', () => {
    expect(recast(fact, groups, { '1': 'b:1' })).toMatchObject({
      sourceMaster: 'b:1',
      sourceReplicas: ['c:1', 'a:1'],
      formerSource: 'a:1',
      targetMaster: 'e:1',
      formerTarget: null,
      mayBeFollowed: ['b:1', 'c:1', 'a:1', 'e:1', 'f:1'],
    });
    expect(recast(fact, groups, { '3': 'f:1' })).toMatchObject({
      sourceMaster: 'a:1',
      targetMaster: 'f:1',
      targetReplicas: ['e:1'],
      formerTarget: 'e:1',
    });
  });

  it('knows both when both were replaced, also by a node that was not listed', () => {
    expect(recast(fact, groups, { '1': 'x:1', '3': 'f:1' })).toMatchObject({
      sourceMaster: 'x:1',
      sourceReplicas: ['b:1', 'c:1', 'a:1'],
      targetMaster: 'f:1',
    });
  });

  it('takes no notice of what was named before it was recorded', () => {
    const later = { ...fact, knownMasters: { '1': 'b:1' } };
    expect(recast(later, groups, { '1': 'b:1' })).toMatchObject({ sourceMaster: 'a:1', formerSource: null });
    expect(recast(later, groups, { '1': 'c:1' })).toMatchObject({ sourceMaster: 'c:1', formerSource: 'a:1' });
  });
});

describe('the setting masters', () => {
  it.each([{}, { masters: 'b:1' }, { masters: null }, { masters: ['b:1'] }, { masters: { '1': 5 } }])(
    'is nothing in %j',
    (settings) => expect(replacedMasters(settings)).toEqual({}),
  );

  it('names masters by group', () => {
    expect(replacedMasters({ masters: { '1': 'b:1' } })).toEqual({ '1': 'b:1' });
  });
});
