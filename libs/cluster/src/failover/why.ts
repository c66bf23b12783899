import { type NodeCondition } from './observation';
import { type SeenGroup } from './many-masters';
import { isSilence, type Sight } from './sights';
import { type TrustedVotes } from './trusted-votes';

/** Who sees what of a group since when, in a line for people. */
export function accountOf(group: SeenGroup, { isolated }: TrustedVotes): string {
  return [
    `${group.master} ${listed(group.ofMaster)}`,
    ...group.replicas.flatMap((replica, index) => {
      const silent = (group.ofReplicas[index] ?? []).filter(({ condition }) => isSilence(condition));
      return silent.length === 0 ? [] : [`replica ${replica} ${listed(silent)}`];
    }),
    ...isolated.map(
      ({ worker, silent, nodes }) =>
        `${worker} does not count: ${silent} of ${nodes} nodes are silent to it and answer others`,
    ),
  ].join('; ');
}

/** Milliseconds as seconds with one decimal, `5.2 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function listed(sights: readonly Sight[]): string {
  if (sights.length === 0) return 'was not looked at by anybody yet';
  return [...sights]
    .sort((a, b) => (a.worker < b.worker ? -1 : 1))
    .map(({ worker, condition, silentMs }) => `${WORDS[condition]} ${worker}${duration(condition, silentMs)}`)
    .join(', ');
}

const WORDS: Readonly<Record<NodeCondition, string>> = {
  answering: 'answers',
  slow: 'is slow to',
  refused: 'refuses',
  unreachable: 'is out of reach of',
  hanging: 'hangs for',
};

function duration(condition: NodeCondition, silentMs: number): string {
  return isSilence(condition) ? ` (${seconds(silentMs)})` : '';
}
