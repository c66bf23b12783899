/** How much of the whole each group is to have. Weight 0 empties a group. */
export type Weights = ReadonlyMap<number, number>;

/**
 * How many of `total` slots each group is to own: its weighted share, rounded down or up. Rounded up are first the groups that
 * own more than their rounded down share already, by id, so that the fewest slots move and a half-done plan stays the plan.
 */
export function sharesByCount(
  total: number,
  weights: Weights,
  owned: ReadonlyMap<number, number>,
): Map<number, number> {
  const sum = [...weights.values()].reduce((all, weight) => all + weight, 0);
  const groups = [...weights.keys()].sort((a, b) => a - b);
  const ideal = (group: number): number => (sum === 0 ? 0 : (total * (weights.get(group) ?? 0)) / sum);
  const shares = new Map(groups.map((group) => [group, Math.floor(ideal(group) + rounding)]));
  const missing = total - [...shares.values()].reduce((all, share) => all + share, 0);
  const above = (group: number): boolean => (owned.get(group) ?? 0) > (shares.get(group) ?? 0);
  const eligible = groups.filter((group) => ideal(group) - (shares.get(group) ?? 0) > rounding);
  const first = [...eligible.filter(above), ...eligible.filter((group) => !above(group))].slice(0, missing);
  for (const group of first) shares.set(group, (shares.get(group) ?? 0) + 1);
  return shares;
}

/** Slack for shares that are whole numbers but for the error of floating point. */
const rounding = 1e-9;
