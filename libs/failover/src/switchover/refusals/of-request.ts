import type { RouterView } from '@slotferry/cluster';
import type { SwitchoverInput } from '../../definitions';
import { type Pair, standingOf } from '../stage';
import { final, passing, type Refusal } from './refusal';

/** What the request itself and the router's records say against it, the gravest first. */
export function refusalsOfRequest(view: RouterView, pair: Pair, input: SwitchoverInput): Refusal[] {
  const { group, from, to } = input;
  const { record, place } = standingOf(view, pair);
  if (input.notBefore !== '' && Number.isNaN(Date.parse(input.notBefore))) {
    return [
      final(
        'not-before-unreadable',
        `"${input.notBefore}" is no time`,
        'Give the time as ISO 8601, for example 2026-03-01T02:00:00Z.',
      ),
    ];
  }
  if (!record) {
    return [
      final('group-unknown', `the router has no group ${group}`, 'Name a group that the router knows.'),
    ];
  }
  if (from === to || place === 'after') {
    return [
      final('already-master', `${to} is the master of group ${group} already`, 'Nothing has to be done.'),
    ];
  }
  if (place === 'overtaken') {
    return [
      final(
        'not-the-master',
        `the master of group ${group} is ${record.servers[0] ?? 'nobody'}, not ${from}`,
        'Look at the group again, and name its present master.',
      ),
    ];
  }
  if (!record.servers.includes(to)) {
    return [
      final(
        'not-a-replica',
        `${to} is no server of group ${group} for the router`,
        `Name one of ${record.servers.slice(1).join(', ') || 'its replicas, once it has one'}.`,
      ),
    ];
  }
  return routerAtWork(view, pair);
}

function routerAtWork(view: RouterView, pair: Pair): Refusal[] {
  const { record } = standingOf(view, pair);
  const refusals: Refusal[] = [];
  if (record?.promoting) {
    refusals.push(
      passing(
        'group-promoting',
        `the router has stored a promotion of group ${pair.group}, begun by somebody else`,
        'Repeat that promotion at the dashboard until it succeeds.',
      ),
    );
  }
  const handover = view.routes.find(
    (route) => route.handover && (route.group === pair.group || route.handover.target === pair.group),
  );
  if (handover?.handover) {
    refusals.push(
      passing(
        'handover-under-way',
        `the router hands slot ${handover.slot} of group ${handover.group} over to group ${handover.handover.target}`,
        'Let it finish, or take it back at the router.',
      ),
    );
  }
  return refusals;
}
