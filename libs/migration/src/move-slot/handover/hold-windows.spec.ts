import { HoldWindows, type Seat } from './hold-windows';

const wishes = { limitMs: 5_000, maxStallMs: 100, alone: false };

/** Work that has a place until it is told that its clients are served. */
interface Task {
  readonly seat: () => Seat | undefined;
  readonly serve: (heldMs?: number) => void;
  readonly result: Promise<string | null>;
}

function enter(windows: HoldWindows, changes: Partial<typeof wishes> = {}): Task {
  let seat: Seat | undefined;
  let end: () => void = () => undefined;
  const result = windows.run({ ...wishes, ...changes }, (given) => {
    seat = given;
    return new Promise<string>((resolve) => (end = () => resolve('done')));
  });
  const serve = (heldMs = 10): void => {
    seat?.served(heldMs);
    end();
  };
  return { seat: () => seat, serve, result };
}

const moment = (ms = 30): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const begun = (tasks: readonly Task[]): number => tasks.filter(({ seat }) => seat() !== undefined).length;

/** How many of ten who come together share the first window. */
async function sharing(windows: HoldWindows, heldMs: number, count = 10): Promise<number> {
  const open = new Set(Array.from({ length: count }, () => enter(windows)));
  await moment();
  const first = begun([...open]);
  while (open.size > 0) {
    for (const one of open) {
      if (!one.seat()) continue;
      one.serve(heldMs);
      open.delete(one);
    }
    await moment();
  }
  return first;
}

describe('windows of holds', () => {
  it('open for those who come together, the next one when all of them are served', async () => {
    const windows = new HoldWindows();
    const tasks = Array.from({ length: 14 }, () => enter(windows));
    await moment();
    expect(begun(tasks)).toBe(12);
    for (const one of tasks.slice(0, 11)) one.serve();
    await moment();
    expect(begun(tasks)).toBe(12);
    tasks[11]?.serve();
    await moment();
    expect(begun(tasks)).toBe(14);
    for (const one of tasks.slice(12)) one.serve();
    expect(await Promise.all(tasks.map(({ result }) => result))).toEqual(Array(14).fill('done'));
  });

  it('give a slot that is far behind a window of its own', async () => {
    const windows = new HoldWindows();
    const [early, slow, late] = [enter(windows), enter(windows, { alone: true }), enter(windows)];
    await moment();
    expect([early, slow, late].map((one) => begun([one]))).toEqual([1, 0, 1]);
    early.serve();
    late.serve();
    await moment();
    expect(begun([slow])).toBe(1);
    slow.serve();
    expect(await slow.result).toBe('done');
  });

  it('are given up by who has waited too long', async () => {
    const windows = new HoldWindows();
    const holder = enter(windows);
    await moment();
    const late = enter(windows, { limitMs: 5 });
    expect(await late.result).toBeNull();
    holder.serve();
    await holder.result;
    const next = enter(windows);
    await moment();
    next.serve();
    expect(await next.result).toBe('done');
  });

  it('take more slots while holds are short, as many as before when they are middling, and half as many after a long one', async () => {
    const windows = new HoldWindows();
    expect(await sharing(windows, 20, 12)).toBe(12);
    expect(await sharing(windows, 90, 18)).toBe(18);
    expect(await sharing(windows, 90, 18)).toBe(18);
    expect(await sharing(windows, 101, 18)).toBe(18);
    expect(await sharing(windows, 90, 9)).toBe(9);
  });

  it('never take more than 32, nor less than four', async () => {
    const windows = new HoldWindows();
    for (let round = 0; round < 5; round += 1) await sharing(windows, 1, 40);
    expect(await sharing(windows, 1, 40)).toBe(32);
    for (let round = 0; round < 7; round += 1) await sharing(windows, 1_000, 8);
    expect(await sharing(windows, 1_000, 8)).toBe(4);
  });

  it('are not made smaller by a long one of few slots: fewer would have taken as long', async () => {
    const windows = new HoldWindows();
    expect(await sharing(windows, 1_000, 4)).toBe(4);
    expect(await sharing(windows, 20, 12)).toBe(12);
    expect(await sharing(windows, 20, 18)).toBe(18);
    expect(await sharing(windows, 20, 27)).toBe(27);
  });

  it('let everybody go on together, without those who have left', async () => {
    const windows = new HoldWindows();
    const tasks = [enter(windows), enter(windows), enter(windows)] as const;
    await moment();
    const passed: number[] = [];
    const come = (index: 0 | 1 | 2): unknown =>
      tasks[index]
        .seat()
        ?.together('detach', 5_000)
        .then(() => passed.push(index));
    come(0);
    come(1);
    await moment();
    expect(passed).toEqual([]);
    tasks[2].serve();
    await moment();
    expect(passed).toEqual([0, 1]);
    tasks[0].serve();
    tasks[1].serve();
  });

  it('do not count those who came to a step and left before it was open', async () => {
    const windows = new HoldWindows();
    const [one, two, three] = [enter(windows), enter(windows), enter(windows)];
    await moment();
    void one.seat()?.together('hold', 5_000);
    one.serve();
    let passed = false;
    void two
      .seat()
      ?.together('hold', 5_000)
      .then(() => (passed = true));
    await moment();
    expect(passed).toBe(false);
    await three.seat()?.together('hold', 5_000);
    await moment(1);
    expect(passed).toBe(true);
    two.serve();
    three.serve();
  });

  it('do not let anybody wait for a slow one any longer than was said', async () => {
    const windows = new HoldWindows();
    const [quick, slow] = [enter(windows), enter(windows)];
    await moment();
    await quick.seat()?.together('assign', 5);
    await slow.seat()?.together('assign', 5_000);
    quick.serve();
    slow.serve();
  });

  it('let other work of the process wait for their end, for so long as was said', async () => {
    const windows = new HoldWindows();
    await windows.quiet(5_000);
    const holder = enter(windows);
    await moment();
    let isQuiet = false;
    const quiet = windows.quiet(5_000).then(() => (isQuiet = true));
    await windows.quiet(5);
    expect(isQuiet).toBe(false);
    holder.serve();
    await quiet;
  });

  it('end with work that fails', async () => {
    const windows = new HoldWindows();
    for (let round = 0; round < 3; round += 1) {
      await expect(windows.run(wishes, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    }
    const next = enter(windows);
    await moment();
    next.serve();
    expect(await next.result).toBe('done');
  });
});
