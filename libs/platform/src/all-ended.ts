/** Like Promise.all, but waits for all of them before it throws what went wrong: nothing goes on behind the back of whoever gives up. */
export async function allEnded<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
