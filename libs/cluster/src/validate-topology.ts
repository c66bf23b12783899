import { claimsOf, groupName, type Claim, type GroupClaim, type TopologyClaims } from './topology-claims';
import { type ProblemPath, type TopologyProblem } from './topology-problem';
import { type TableDefinition, type Topology } from './topology';
import { NodeAddressError, parseAddress } from './node-address';
import { isTableSize, slotProblems } from './validate-slots';
import { repetitions } from './repetitions';
import { MAX_SLOTS } from './slots';

/** Group ids a Codis dashboard accepts; it uses 0 for "no group". */
export const GROUP_ID_RANGE = { min: 1, max: 9999 } as const;

/** Everything wrong with a topology; empty when it is sound. */
export function validateTopology(topology: Topology): TopologyProblem[] {
  return validateClaims(claimsOf(topology));
}

/** The same for a topology of which perhaps not everything could be read. */
export function validateClaims(claims: TopologyClaims): TopologyProblem[] {
  return [
    ...tableProblems(claims.tables),
    ...groupIdProblems(claims.groupIds),
    ...nodeProblems(claims.nodes),
    ...slotProblems(claims),
  ];
}

function tableProblems(tables: readonly Claim<TableDefinition>[]): TopologyProblem[] {
  const invalid = tables.flatMap(({ value, path }): TopologyProblem[] => [
    ...(isCount(value.id, 0, Number.MAX_SAFE_INTEGER) ? [] : [tableIdInvalid(value.id, path)]),
    ...(isTableSize(value.slots) ? [] : [tableSizeInvalid(value, path)]),
  ]);
  const repeated = repetitions(tables, ({ value }) => value.id).map(({ again: { value, path } }) => ({
    code: 'TABLE_REPEATED' as const,
    message: `Table ${value.id} is described twice`,
    remedy: 'Describe every table once.',
    path,
  }));
  return [...invalid, ...repeated];
}

function groupIdProblems(ids: readonly Claim<number>[]): TopologyProblem[] {
  const { min, max } = GROUP_ID_RANGE;
  const invalid = ids
    .filter(({ value }) => !isCount(value, min, max))
    .map(({ value, path }) => ({
      code: 'GROUP_ID_OUT_OF_RANGE' as const,
      message: `${value} cannot be the id of a group`,
      remedy: `Use a whole number from ${min} to ${max}.`,
      path,
    }));
  const repeated = repetitions(ids, ({ value }) => value).map(({ again: { value, path } }) => ({
    code: 'GROUP_REPEATED' as const,
    message: `Group ${value} is described twice`,
    remedy: 'Give every group an id of its own.',
    path,
  }));
  return [...invalid, ...repeated];
}

function nodeProblems(nodes: readonly GroupClaim<string>[]): TopologyProblem[] {
  const addresses = nodes.filter(({ value, path }) => addressProblems(value, path).length === 0);
  const repeated = repetitions(addresses, ({ value }) => value.toLowerCase()).map(({ first, again }) => ({
    code: 'NODE_REPEATED' as const,
    message:
      first.position === again.position
        ? `Node ${again.value} is named twice in ${groupName(first)}`
        : `Node ${again.value} is in ${groupName(first)} and in ${groupName(again)}`,
    remedy: 'A node belongs to one group: name it there, once.',
    path: again.path,
  }));
  return [...nodes.flatMap(({ value, path }) => addressProblems(value, path)), ...repeated];
}

function addressProblems(address: string, path: ProblemPath): TopologyProblem[] {
  try {
    parseAddress(address);
    return [];
  } catch (error) {
    if (!(error instanceof NodeAddressError)) throw error;
    return [{ code: error.code, message: error.message, remedy: error.remedy, path }];
  }
}

function tableIdInvalid(id: number, path: ProblemPath): TopologyProblem {
  return {
    code: 'TABLE_ID_INVALID',
    message: `${id} cannot be the id of a table`,
    remedy: 'Use a whole number from 0.',
    path: [...path, 'id'],
  };
}

function tableSizeInvalid({ id, slots }: TableDefinition, path: ProblemPath): TopologyProblem {
  return {
    code: 'TABLE_SIZE_INVALID',
    message: `Table ${id} cannot have ${slots} slots`,
    remedy: `Use a whole number from 1 to ${MAX_SLOTS}: the one the nodes were configured with.`,
    path: [...path, 'slots'],
  };
}

function isCount(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
