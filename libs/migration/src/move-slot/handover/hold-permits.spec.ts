import { HoldPermits } from './hold-permits';

/** Work that ends when it is told to. */
function task(): {
  readonly work: () => Promise<string>;
  readonly end: () => void;
  readonly begun: () => boolean;
} {
  let [end, begun]: [() => void, boolean] = [() => undefined, false];
  const work = (): Promise<string> =>
    new Promise((resolve) => {
      begun = true;
      end = () => resolve('done');
    });
  return { work, end: () => end(), begun: () => begun };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('permits to hold', () => {
  it('lets two hold at first, and others in their order when one has ended', async () => {
    const permits = new HoldPermits();
    const tasks = [task(), task(), task(), task()];
    const runs = tasks.map(({ work }) => permits.run(5_000, work));
    await settled();
    expect(tasks.map(({ begun }) => begun())).toEqual([true, true, false, false]);
    tasks[1]?.end();
    await runs[1];
    await settled();
    expect(tasks.map(({ begun }) => begun())).toEqual([true, true, true, false]);
    for (const index of [0, 2]) tasks[index]?.end();
    await Promise.all([runs[0], runs[2]]);
    await settled();
    tasks[3]?.end();
    expect(await runs[3]).toBe('done');
  });

  it('gives up a turn that does not come in time, and passes its place on', async () => {
    const permits = new HoldPermits();
    const [first, second, late, next] = [task(), task(), task(), task()];
    const runs = [permits.run(5_000, first.work), permits.run(5_000, second.work)];
    await settled();
    expect(await permits.run(10, late.work)).toBeNull();
    const served = permits.run(5_000, next.work);
    first.end();
    second.end();
    await Promise.all(runs);
    await settled();
    next.end();
    expect(await served).toBe('done');
    expect(late.begun()).toBe(false);
  });

  it('halves the number after a long hold, leaves it after a middling one, and raises it while holds are short', async () => {
    const permits = new HoldPermits();
    const together = async (): Promise<number> => {
      const tasks = Array.from({ length: 10 }, task);
      const runs = tasks.map(({ work }) => permits.run(5_000, work));
      await settled();
      const begun = tasks.filter((one) => one.begun()).length;
      const open = new Set(tasks);
      const all = Promise.all(runs);
      while (open.size > 0) {
        for (const one of open) {
          if (!one.begun()) continue;
          one.end();
          open.delete(one);
        }
        await settled();
      }
      await all;
      return begun;
    };
    expect(await together()).toBe(2);
    permits.learn(400);
    permits.learn(400);
    expect(await together()).toBe(1);
    for (let hold = 0; hold < 200; hold += 1) permits.learn(70);
    expect(await together()).toBe(1);
    for (let hold = 0; hold < 200; hold += 1) permits.learn(20);
    expect(await together()).toBe(8);
  });

  it('lets the next one hold while work goes on that holds nothing any more, once', async () => {
    const permits = new HoldPermits();
    const [served, other, next, last] = [task(), task(), task(), task()];
    let giveBack = (): void => undefined;
    const runs = [
      permits.run(5_000, (give) => {
        giveBack = give;
        return served.work();
      }),
      ...[other, next, last].map(({ work }) => permits.run(5_000, work)),
    ];
    await settled();
    giveBack();
    giveBack();
    await settled();
    served.end();
    await runs[0];
    await settled();
    expect([next.begun(), last.begun()]).toEqual([true, false]);
    for (const one of [other, next]) one.end();
    await Promise.all([runs[1], runs[2]]);
    await settled();
    last.end();
    expect(await runs[3]).toBe('done');
  });

  it('frees the place of work that fails', async () => {
    const permits = new HoldPermits();
    for (let round = 0; round < 3; round += 1) {
      await expect(permits.run(100, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    }
    expect(await permits.run(100, () => Promise.resolve('done'))).toBe('done');
  });
});
