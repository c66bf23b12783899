import { setImmediate as turn } from 'node:timers/promises';
import { VotePublisher } from './vote-publisher';

describe('the votes of a worker', () => {
  let sent: number;
  let finish: () => void;
  let now: number;
  let publisher: VotePublisher;

  beforeEach(() => {
    sent = 0;
    now = 1_000;
    publisher = new VotePublisher(
      () => {
        sent += 1;
        return new Promise((resolve) => (finish = resolve));
      },
      () => now,
    );
  });

  it('go out once for everything that changes at once', async () => {
    publisher.soon();
    publisher.soon();
    expect(sent).toBe(0);
    await turn();
    expect(sent).toBe(1);
  });

  it('follow one another, so that what changed meanwhile is not lost', async () => {
    publisher.soon();
    await turn();
    publisher.soon();
    await turn();
    expect(sent).toBe(1);
    finish();
    await turn();
    expect(sent).toBe(2);
    finish();
    await turn();
    expect(sent).toBe(2);
  });

  it('go out again when the last one gets old', async () => {
    publisher.tick(now, 1_000);
    finish();
    await turn();
    now = 1_900;
    publisher.tick(now, 1_000);
    expect(sent).toBe(1);
    publisher.tick(now, 200);
    expect(sent).toBe(2);
  });
});
