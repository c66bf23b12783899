import { recordedBody, recordedCases } from '../testing/recorded-cases';
import { findProxyRoutes } from './find-proxy-routes';
import { list } from './shape';
import { slotEntry } from './slot-entry';

const answers = recordedCases('proxy.slots').filter(({ body_json: body }) => Array.isArray(body));
const all = Array.from({ length: 1_024 }, (_, slot) => slot);

describe('findProxyRoutes', () => {
  it.each(answers.map((recorded) => [recorded.case, recorded] as const))(
    'finds what a full parse finds, slot by slot and all at once: %s',
    (_name, recorded) => {
      const text = recordedBody(recorded);
      const parsed = list(slotEntry)(JSON.parse(text), 'all');
      expect(findProxyRoutes(text, all)).toEqual(parsed);
      for (let slot = 0; slot < 1_024; slot += 31)
        expect(findProxyRoutes(text, [slot])).toEqual([parsed[slot]]);
    },
  );

  it('says null for a slot that is not there', () => {
    expect(findProxyRoutes('[{"id":3,"backend_addr":"10.0.0.1:9221"}]', [3, 4])).toEqual([
      { table: 0, slot: 3, backend: '10.0.0.1:9221', migrateFrom: null, locked: false },
      null,
    ]);
  });

  it('reads slots of which nothing but the number is shown', () => {
    expect(findProxyRoutes('[{"id":3},{"id":4}]', [4])).toEqual([
      { table: 0, slot: 4, backend: null, migrateFrom: null, locked: false },
    ]);
  });
});
