import { type Finding, type Proposal } from '@slotferry/failover';
import { bySlotTable } from '../topology/replication';
import { type FindingDto, type HealedDto, type HealPlanDto, type ProposalDto } from './heal.dto';
import { type Healed, type HealPlan } from './heal';

/** The plan as the API tells it: slots in ranges. */
export function describePlan({ definition, lookedAt, proposals }: HealPlan): HealPlanDto {
  const { name, failover } = definition;
  return { cluster: name, mode: failover.heal, lookedAt, proposals: proposals.map(describeProposal) };
}

export function describeHealed({ workflows, postponed }: Healed): HealedDto {
  return {
    workflows: [...workflows],
    postponed: postponed.map(({ finding, why }) => ({ finding: describeFinding(finding), why })),
  };
}

function describeProposal({ finding, steps, discardedBytes }: Proposal): ProposalDto {
  return {
    finding: describeFinding(finding),
    steps: steps.map(({ step, slots, message }) => ({ step, slots: bySlotTable(slots), message })),
    discardedBytes,
  };
}

function describeFinding(finding: Finding): FindingDto {
  return { ...finding, slots: bySlotTable(finding.slots) };
}
