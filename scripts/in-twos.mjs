/** Works through a list, two at a time: the machines this is for have two cores. The first error ends it. */
export async function inTwos(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}
