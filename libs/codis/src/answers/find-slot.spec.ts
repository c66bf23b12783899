import { recordedBody, recordedCases } from '../testing/recorded-cases';
import { findSlot } from './find-slot';

const answers = recordedCases('topom.stats').filter(
  ({ body_json: body }) => (body as { slots?: unknown })?.slots,
);

describe('findSlot', () => {
  it.each(answers.map((recorded) => [recorded.case, recorded] as const))(
    'finds what a full parse finds, indented or compact: %s',
    (_name, recorded) => {
      const indented = recordedBody(recorded);
      const parsed = JSON.parse(indented) as { slots: unknown[] };
      const compact = JSON.stringify(parsed);
      for (let slot = 0; slot < 1024; slot++) {
        expect(JSON.parse(findSlot(indented, slot) ?? 'null')).toEqual(parsed.slots[slot]);
        expect(JSON.parse(findSlot(compact, slot) ?? 'null')).toEqual(parsed.slots[slot]);
      }
    },
  );

  it('does not take the id of a group or proxy for a slot', () => {
    const stats = '{"closed":false,"slots":[],"group":{"models":[{"id":5,"servers":[]}]}}';
    expect(JSON.parse(findSlot(stats, 5) ?? 'null')).not.toHaveProperty('group_id');
  });

  it.each(['', '[]', '{"group":{"slots":[{"id":5,"group_id":1,"action":{}}]}}', '{"slots":[{"id":5,'])(
    'leaves %p to the full parse',
    (text) => expect(findSlot(text, 5)).toBeNull(),
  );
});
