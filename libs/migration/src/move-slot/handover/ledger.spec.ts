import type { PikaNode } from '@slotferry/pika';
import type { JsonObject } from '@slotferry/workflow';
import type { MoveContext } from '../cast';
import { drainedFact, Ledger } from './ledger';

/** The part of a context that a ledger touches: facts, and what is recorded on top of them. */
function contextWith(facts: JsonObject): MoveContext {
  const context = {
    facts,
    record(more: JsonObject) {
      context.facts = { ...context.facts, ...more };
    },
  };
  return context as unknown as MoveContext;
}

const node = (address: string) => ({ address }) as PikaNode;
const cast = { sourceMaster: node('a:1'), targetMaster: node('e:1') };

describe('the ledger of a handover', () => {
  it('is empty before anything happened', () => {
    const ledger = new Ledger(contextWith({}));
    expect(ledger.drained).toBeNull();
    expect([ledger.pausedRouter, ledger.takenBack, ledger.heldMs]).toEqual([false, 0, 0]);
  });

  it('tells the position of the intent to detach', () => {
    expect(new Ledger(contextWith(drainedFact({ file: 2, offset: 236 }, cast))).drained).toEqual({
      file: 2,
      offset: 236,
    });
  });

  it('forgets the intent when the hold is taken back, and counts', () => {
    const ledger = new Ledger(contextWith(drainedFact({ file: 0, offset: 80 }, cast)));
    ledger.recordTakeBack('the target did not catch up');
    ledger.recordTakeBack('the target died');
    expect(ledger.drained).toBeNull();
    expect([ledger.takenBack, ledger.takenBackBecause]).toEqual([2, 'the target died']);
  });

  it('keeps the longest hold, in whole milliseconds', () => {
    const ledger = new Ledger(contextWith({}));
    for (const ms of [20.4, 80.6, 31]) ledger.recordHold(ms);
    expect(ledger.heldMs).toBe(81);
  });

  it('never takes an unreadable position for none', () => {
    expect(() => new Ledger(contextWith({ drained: 'nowhere' })).drained).toThrow('binlog position');
  });
});
