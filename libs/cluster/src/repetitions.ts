/** The items whose key an earlier item has already, each with the earliest. */
export function repetitions<T>(
  items: readonly T[],
  keyOf: (item: T) => string | number,
): { first: T; again: T }[] {
  const firsts = new Map<string | number, T>();
  return items.flatMap((item) => {
    const first = firsts.get(keyOf(item));
    if (first !== undefined) return [{ first, again: item }];
    firsts.set(keyOf(item), item);
    return [];
  });
}
