import { Demos } from '../support/demo';

describe('npm run demo', () => {
  let demos: Demos;
  beforeEach(() => void (demos = new Demos()));
  afterEach(() => demos.remove());

  it('moves a slot, finds everything as it has to be, and leaves nothing behind', async () => {
    // Other tests run at the same time: what a client may wait on a quiet machine is not to be judged here.
    const { code, said } = await demos.start('--stall-limit', '5000').end();
    expect(said).toContain('All 11 checks hold.');
    expect(said).not.toContain('FAILED');
    expect(code).toBe(0);
    await demos.expectNothingLeft();
  }, 60_000);

  it('kills a master, finds nothing lost that could be saved, and brings it back', async () => {
    const { code, said } = await demos.start('--scenario', 'failover', '--stall-limit', '20000').end();
    expect(said).toContain('All 10 checks hold.');
    expect(said).toContain('new master elected');
    expect(code).toBe(0);
    await demos.expectNothingLeft();
  }, 120_000);

  it.each([
    [['--fast'], 'does not know "--fast"', '--help'],
    [['--scenario', 'fail-back'], 'no scenario "fail-back"', 'Use move-slot, scale-out, failover.'],
    [['--stall-limit', 'soon'], 'no time for --stall-limit', '150'],
  ])('refuses %j and starts nothing', async (args, what, remedy) => {
    const { code, said } = await demos.start(...args).end();
    expect(said).toContain(what);
    expect(said).toContain(remedy);
    expect(code).toBe(1);
    await demos.expectNothingLeft();
  });
});
