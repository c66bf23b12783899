import { retryDelay } from './forward';
import { operation } from './op-table';

const lookUp = (name: string): ReturnType<typeof operation> => operation(Buffer.from(name));

it('blocks by name in any case, and never a name with a character beyond letters and colon', () => {
  expect(lookUp('kEyS')).toEqual({ name: 'KEYS', isBlocked: true, isRead: false });
  expect(lookUp('slotsmgrttagslot')?.isBlocked).toBe(true);
  expect(lookUp('slotsmgrttagslot-async')?.isBlocked).toBe(false);
  expect(lookUp('host:')?.isBlocked).toBe(true);
});

it('refuses names that are empty or too long', () => {
  expect([lookUp(''), lookUp('x'.repeat(65))]).toEqual([undefined, undefined]);
});

it('waits longer and longer between the questions to the source, up to 20 ms', () => {
  expect([0, 4, 5, 19, 20, 500].map(retryDelay)).toEqual([0, 0, 5, 19, 20, 20]);
});
