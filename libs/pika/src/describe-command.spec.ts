import { describeCommand } from './describe-command';

describe('commands in messages', () => {
  it('show slots, tables and addresses', () => {
    const args = ['PKCLUSTER', 'SLOTSSLAVEOF', '10.0.0.1', '9221', '1-3', 'force'];
    expect(describeCommand(args)).toBe('PKCLUSTER SLOTSSLAVEOF 10.0.0.1 9221 1-3 force');
  });

  it.each([
    [['auth', 'secret'], 'AUTH'],
    [['config', 'set', 'requirepass', 'secret'], 'CONFIG'],
    [['set', 'secret', 'secret'], 'SET'],
    [['slotsmgrt-exec-wrapper', 'secret', 'set', 'secret'], 'SLOTSMGRT-EXEC-WRAPPER'],
    [['slotshashkey', 'secret'], 'SLOTSHASHKEY'],
  ])('show no key, value or password of %j', (args, shown) => {
    expect(describeCommand(args)).toBe(shown);
  });

  it('are cut when they are long', () => {
    expect(describeCommand(['PKCLUSTER', 'x'.repeat(1_000)]).length).toBeLessThan(200);
  });
});
