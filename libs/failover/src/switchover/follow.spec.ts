import type { SlotPositions } from '../store/types';
import { planStep } from './follow';
import type { LooseCode } from './judge-copies';
import { copies, position, type SlotWords } from '../slots/slot-info.fixture';

const node = '10.0.0.2:9221';
const agreed: SlotPositions = new Map([[0, new Map([[7, position('1 500')]])]]);

const step = (code: LooseCode, words: SlotWords, replyIsOverdue = false) =>
  planStep(
    { ref: { table: 0, slot: 7 }, code, message: '' },
    copies(node, { 7: words }),
    agreed,
    replyIsOverdue,
  );

describe('making a node follow the new master', () => {
  it.each(['replica-detached', 'replica-elsewhere'] as const)(
    'attaches a copy within the history (%s)',
    (code) => {
      expect(step(code, { at: '1 500' })).toBe('attach');
      expect(step(code, { at: '0 900000' })).toBe('attach');
      expect(step(code, { at: '0 0' })).toBe('attach');
    },
  );

  it.each(['replica-detached', 'replica-elsewhere'] as const)(
    'never attaches one beyond it plainly (%s)',
    (code) => {
      expect(step(code, { at: '1 501' })).toBe('refuse');
      expect(step(code, { at: '2 0' })).toBe('refuse');
    },
  );

  it('does not attach a copy of which no position was agreed', () => {
    const unknown = planStep(
      { ref: { table: 0, slot: 8 }, code: 'replica-detached', message: '' },
      copies(node, { 8: { at: '0 1' } }),
      agreed,
      false,
    );
    expect(unknown).toBe('refuse');
  });

  it('asks again only when the reply of the master can no more come', () => {
    const waiting: SlotWords = { follows: '10.0.0.1:9221', status: 'kWaitReply' };
    expect(step('replica-connecting', waiting)).toBe('wait');
    expect(step('replica-connecting', waiting, true)).toBe('attach');
    expect(step('replica-connecting', { ...waiting, status: 'kTryConnect' }, true)).toBe('wait');
  });
});
