import { usageError } from '../cli-error';
import { type Sizes } from './sizes-file';

/** What the options of `slotferry rebalance` say is wanted. */
export interface GoalOptions {
  readonly even?: true;
  readonly weights?: string;
  /** What is evened out, where it is not the number of slots: `written`. */
  readonly by?: string;
  /** Size by slot, as a file has them. */
  readonly sizes?: Sizes;
  readonly tolerance?: number;
  readonly drain?: string;
  readonly slots?: string;
  readonly to?: number;
  readonly table?: number;
  readonly undo?: string;
}

/** A goal as the API takes it. */
export type Goal =
  | ({ readonly kind: 'even' } & Weighted)
  | ({ readonly kind: 'even-by-written'; readonly table?: number } & Weighted & Tolerant)
  | ({ readonly kind: 'even-by-sizes'; readonly sizes: Sizes; readonly table?: number } & Weighted & Tolerant)
  | { readonly kind: 'drain'; readonly group: number }
  | { readonly kind: 'slots'; readonly slots: string; readonly table: number; readonly to: number }
  | { readonly kind: 'undo'; readonly workflow: string };

type Weighted = { readonly weights?: Readonly<Record<string, number>> };
type Tolerant = { readonly tolerance?: number };

/** The one goal that the options name, or null when they name none. Throws CliError for more than one, and for half of one. */
export function goalOf(options: GoalOptions): Goal | null {
  const { even, weights, drain, slots, to, table, undo } = options;
  refuseStray(options);
  const goals: Goal[] = [];
  if (even || weights !== undefined) goals.push(evenGoal(options));
  if (drain !== undefined) goals.push({ kind: 'drain', group: readGroup(drain) });
  if (slots !== undefined) goals.push(slotsGoal(slots, to, table));
  if (undo !== undefined) goals.push({ kind: 'undo', workflow: undo });
  if (goals.length > 1) {
    throw usageError(
      `one goal at a time, not ${goals.length}`,
      'Give one of --even, --weights, --drain, --slots and --undo.',
    );
  }
  return goals[0] ?? null;
}

/** Options that say nothing without another one. */
function refuseStray({ even, weights, by, sizes, tolerance, slots, to, table }: GoalOptions): void {
  const isEven = even || weights !== undefined;
  const isBySize = by !== undefined || sizes !== undefined;
  if (slots === undefined && to !== undefined) {
    throw usageError('--to goes with --slots', 'Write --slots 0-29 --to 3.');
  }
  if (isBySize && !isEven) {
    throw usageError('--by and --sizes go with --even or --weights', 'Write --even --by written.');
  }
  if (tolerance !== undefined && !isBySize) {
    throw usageError('--tolerance goes with --by or --sizes', 'Write --even --by written --tolerance 0.02.');
  }
  if (slots === undefined && !isBySize && table !== undefined) {
    throw usageError(
      '--table goes with --slots, --by or --sizes',
      'Write --slots 0-29 --to 3 --table 1, or --even --by written --table 1.',
    );
  }
}

function evenGoal({ weights: text, by, sizes, tolerance, table }: GoalOptions): Goal {
  const shares = text === undefined ? {} : { weights: readWeights(text) };
  const bySize = {
    ...shares,
    ...(tolerance !== undefined && { tolerance }),
    ...(table !== undefined && { table }),
  };
  if (by !== undefined && sizes !== undefined) {
    throw usageError('--by and --sizes are two measures', 'Give one of them.');
  }
  if (by !== undefined && by !== 'written') {
    throw usageError(
      `slots cannot be measured by "${by}"`,
      'Write --by written, or give what you have measured yourself: --sizes FILE.',
    );
  }
  if (by === 'written') return { kind: 'even-by-written', ...bySize };
  return sizes ? { kind: 'even-by-sizes', sizes, ...bySize } : { kind: 'even', ...shares };
}

function slotsGoal(slots: string, to: number | undefined, table = 0): Goal {
  if (to !== undefined) return { kind: 'slots', slots, table, to };
  throw usageError('--slots needs the group they are to go to', 'Write --slots 0-29 --to 3.');
}

/** `1=1,3=2`. */
function readWeights(text: string): Record<string, number> {
  const pairs = text.split(',').map((part) => {
    const match = /^\s*(\d{1,4})=(\d{1,4}(?:\.\d{1,3})?)\s*$/.exec(part);
    if (!match?.[1]) {
      throw usageError(`"${part}" is not a group with its weight`, 'Write --weights 1=1,3=2.');
    }
    return [match[1], Number(match[2])] as const;
  });
  const twice = pairs.find(([group], index) => pairs.findIndex(([other]) => other === group) !== index);
  if (twice) throw usageError(`group ${twice[0]} has two weights`, 'Give every group one weight.');
  return Object.fromEntries(pairs);
}

/** `group:2` or `2`. */
function readGroup(text: string): number {
  const match = /^(?:group:)?(\d{1,4})$/.exec(text);
  if (match) return Number(match[1]);
  if (/:\d{2,5}$/.test(text)) {
    throw usageError(
      `${text} is a node, and slots belong to groups: a single node cannot be emptied`,
      "Empty its whole group: --drain group:2. To take a node out of service that is its group's master, let a replica take over first.",
    );
  }
  throw usageError(`"${text}" is not a group`, 'Write --drain group:2.');
}
