import type { BinlogPosition } from '@slotferry/cluster';
import type { Promotion } from '../store/types';
import { type CopyOrigin, type Lineage, lineageOf, sharedUpTo } from './lineage';

const [a, b, c] = ['10.0.0.1:9521', '10.0.0.2:9521', '10.0.0.3:9521'];
const at = (offset: number): BinlogPosition => ({ file: 0, offset });
const ref = { table: 0, slot: 5 };
const promotion = (time: number, oldMaster: string, newMaster: string, offset: number): Promotion => ({
  workflow: `fo-${time}`,
  at: time,
  oldMaster,
  newMaster,
  positions: new Map([[0, new Map([[5, at(offset)]])]]),
});
const shared = (lineage: Lineage, origin: Partial<CopyOrigin>, master = at(900)): BinlogPosition | null =>
  sharedUpTo(lineage, { node: c, followed: null, ...origin }, ref, master);

describe('how far a copy shares the history of its master', () => {
  it('is not known of a copy that was never seen', () => {
    expect(shared(lineageOf([], a), {})).toBeNull();
    expect(shared(lineageOf([promotion(10, a, b, 300)], b), {})).toBeNull();
  });

  it('is the present position for a replica of the present master', () => {
    expect(shared(lineageOf([], a), { followed: { master: a, at: 5 } })).toEqual(at(900));
    const once = lineageOf([promotion(10, a, b, 300)], b);
    expect(shared(once, { followed: { master: b, at: 20 } })).toEqual(at(900));
  });

  it('is the position of the promotion for the master that lost its role then', () => {
    expect(shared(lineageOf([promotion(10, a, b, 300)], b), { node: a })).toEqual(at(300));
  });

  it('is the same for a replica of that master', () => {
    expect(shared(lineageOf([promotion(10, a, b, 300)], b), { followed: { master: a, at: 5 } })).toEqual(
      at(300),
    );
  });

  it('is the least position of all promotions since: a later one is further and proves nothing', () => {
    const twice = lineageOf([promotion(10, a, b, 300), promotion(20, b, c, 500)], c);
    expect(shared(twice, { node: a })).toEqual(at(300));
    expect(shared(twice, { node: b })).toEqual(at(500));
  });

  it('begins anew when an old master has followed its successor', () => {
    const once = lineageOf([promotion(10, a, b, 300)], b);
    expect(shared(once, { node: a, followed: { master: b, at: 15 } })).toEqual(at(900));
  });

  it('tells two reigns of one node apart', () => {
    const there = [promotion(10, a, b, 300), promotion(20, b, a, 500), promotion(30, a, b, 700)];
    expect(shared(lineageOf(there, b), { followed: { master: a, at: 5 } })).toEqual(at(300));
    expect(shared(lineageOf(there, b), { followed: { master: a, at: 25 } })).toEqual(at(700));
    expect(shared(lineageOf(there, b), { node: a })).toEqual(at(700));
  });

  it('is not known beyond a promotion that nobody recorded', () => {
    const gap = lineageOf([promotion(10, a, b, 300)], c);
    expect(shared(gap, { node: a })).toBeNull();
    expect(shared(gap, { node: b })).toBeNull();
    expect(shared(gap, { node: b, followed: { master: c, at: 20 } })).toEqual(at(900));
  });

  it('is not known for a slot that the promotion did not know', () => {
    const once = lineageOf([promotion(10, a, b, 300)], b);
    const other = { table: 0, slot: 6 };
    expect(sharedUpTo(once, { node: a, followed: null }, other, at(900))).toBeNull();
  });

  it('does not trust what was followed before the oldest promotion that is remembered', () => {
    const cut: Lineage = { promotions: [promotion(10, a, b, 300)], complete: false, master: b };
    expect(shared(cut, { followed: { master: a, at: 5 } })).toBeNull();
    expect(shared(cut, { node: a })).toEqual(at(300));
  });
});
