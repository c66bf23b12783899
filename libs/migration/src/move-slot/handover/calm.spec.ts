import { calm } from './calm';

/** Keeps the process busy for so many milliseconds. */
function toil(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('a calm moment', () => {
  it('comes after the work that the process has to do', async () => {
    let left = 5;
    const work = (): void => {
      toil(20);
      left -= 1;
      if (left > 0) setImmediate(work);
    };
    setImmediate(work);
    await calm(5_000);
    expect(left).toBe(0);
  });

  it('is not waited for any longer than was said', async () => {
    let isOver = false;
    const work = (): void => {
      toil(20);
      if (!isOver) setImmediate(work);
    };
    setImmediate(work);
    await calm(60);
    isOver = true;
  }, 2_000);
});
