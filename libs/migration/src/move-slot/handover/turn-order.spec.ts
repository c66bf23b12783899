import { type Turn, TurnOrder } from './turn-order';

const moment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** So many who got a place. */
async function placed(order: TurnOrder, count: number): Promise<Turn[]> {
  const turns = await Promise.all(Array.from({ length: count }, () => order.join(5_000)));
  return turns.filter((turn) => turn !== null);
}

describe('the order at a router', () => {
  it('lets the first two look at once, and others when those before them are through', async () => {
    const turns = await placed(new TurnOrder(), 4);
    const near: number[] = [];
    for (const [index, turn] of turns.entries()) void turn.near(5_000).then(() => near.push(index));
    await moment();
    expect(near).toEqual([0, 1]);
    turns[0]?.over();
    await moment();
    expect(near).toEqual([0, 1, 2]);
    turns[2]?.over();
    turns[2]?.over();
    await moment();
    expect(near).toEqual([0, 1, 2, 3]);
  });

  it('lets nobody wait longer than he wants to, wherever he stands', async () => {
    const turns = await placed(new TurnOrder(), 3);
    await turns[2]?.near(5);
    for (const turn of turns) turn.over();
  });

  it('lets go who gives up while he waits', async () => {
    const order = new TurnOrder();
    const turns = await placed(order, 3);
    const waiting = turns[2]?.near(5_000);
    turns[2]?.over();
    await waiting;
    turns[1]?.over();
    await (await order.join(5_000))?.near(5_000);
  }, 1_000);

  it('has eight places, and gives each that is free to who has waited longest', async () => {
    const order = new TurnOrder();
    const turns = await placed(order, 8);
    const came: string[] = [];
    const comes = (name: string) => order.join(5_000).then((turn) => (came.push(name), turn));
    const [ninth] = [comes('ninth'), comes('tenth')];
    await moment();
    expect(came).toEqual([]);
    turns[5]?.over();
    await moment();
    expect(came).toEqual(['ninth']);
    (await ninth)?.over();
    await moment();
    expect(came).toEqual(['ninth', 'tenth']);
  });

  it('tells who got no place in time, and forgets him', async () => {
    const order = new TurnOrder();
    const [first] = await placed(order, 8);
    expect(await order.join(5)).toBeNull();
    const next = order.join(5_000);
    first?.over();
    expect(await next).not.toBeNull();
  });
});
