import { TurnOrder } from './turn-order';

const moment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the order at a router', () => {
  it('lets the first two look at once, and others when those before them are through', async () => {
    const order = new TurnOrder();
    const turns = [order.join(), order.join(), order.join(), order.join()] as const;
    const near: number[] = [];
    for (const [index, turn] of turns.entries()) void turn.near(5_000).then(() => near.push(index));
    await moment();
    expect(near).toEqual([0, 1]);
    turns[0].over();
    await moment();
    expect(near).toEqual([0, 1, 2]);
    turns[2].over();
    turns[2].over();
    await moment();
    expect(near).toEqual([0, 1, 2, 3]);
  });

  it('lets nobody wait longer than he wants to, wherever he stands', async () => {
    const order = new TurnOrder();
    const turns = [order.join(), order.join(), order.join()] as const;
    await turns[2].near(5);
    for (const turn of turns) turn.over();
  });

  it('lets go who gives up while he waits', async () => {
    const order = new TurnOrder();
    const turns = [order.join(), order.join(), order.join()] as const;
    const waiting = turns[2].near(5_000);
    turns[2].over();
    await waiting;
    turns[1].over();
    await order.join().near(5_000);
  }, 1_000);
});
