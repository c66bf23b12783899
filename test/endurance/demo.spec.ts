import { Demos } from '../support/demo';

describe('npm run demo', () => {
  let demos: Demos;
  beforeEach(() => void (demos = new Demos()));
  afterEach(() => demos.remove());

  it('fails, and says why, when a client had to wait longer than allowed', async () => {
    const { code, said } = await demos.start('--stall-limit', '1').end();
    expect(said).toMatch(/FAILED longest stall .*limit 1 ms/);
    expect(said).toContain('1 of 11 checks failed');
    expect(code).toBe(1);
    await demos.expectNothingLeft();
  }, 60_000);

  it.each([
    ['while everything starts', 'move-slot', 'Starting Redis'],
    ['while the cluster is set up', 'move-slot', 'Setting up groups 1 and 2'],
    ['while the slot moves', 'move-slot', 'Moving slot 1'],
    ['while it evens out', 'scale-out', 'Executing it'],
    ['while a master is replaced', 'failover', 'Killing pika1'],
  ])(
    'leaves nothing behind after Ctrl-C %s',
    async (_when, scenario, line) => {
      const demo = demos.start('--keep', '--scenario', scenario);
      await demo.untilSaid(line);
      demo.interrupt();
      expect((await demo.end()).code).toBe(130);
      await demos.expectNothingLeft();
    },
    60_000,
  );

  it('stays until Ctrl-C when told to, and says where everything is', async () => {
    const demo = demos.start('--keep', '--stall-limit', '5000');
    await demo.untilSaid('Ctrl-C ends it.');
    const url = /API +(http:\S+)/.exec(demo.said)?.[1];
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    demo.interrupt();
    expect((await demo.end()).code).toBe(130);
    await demos.expectNothingLeft();
  }, 60_000);
});
