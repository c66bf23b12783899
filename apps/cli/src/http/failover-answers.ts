import { type Finding, type HistoryEntry, type Maintenance, type Proposal } from '@slotferry/failover';
import { type Problem, type WorkflowSummary } from '@slotferry/workflow';
import { type TableSlots } from './answers';

/** The API's answers about failovers as this tool reads them. Times are milliseconds since 1970. */
export interface FailoverGroup {
  readonly group: number;
  readonly master: string;
  readonly replicas: readonly string[];
  readonly mode: string;
  readonly analysis: string;
  readonly why: string;
  readonly refusal: { readonly code: string; readonly message: string } | null;
  readonly epoch: number;
  readonly blockedUntil: number;
  readonly promotion: {
    readonly workflow: string;
    readonly at: number;
    readonly oldMaster: string;
    readonly newMaster: string;
  } | null;
  readonly open: readonly {
    readonly id: string;
    readonly workflow: string;
    readonly status: string;
    readonly phase: string;
    readonly problem: Problem | null;
  }[];
}

export interface FailoverStatus {
  readonly cluster: string;
  readonly checkedAt: string;
  readonly maintenance: Maintenance | null;
  readonly workers: readonly {
    readonly worker: string;
    readonly ageMs: number;
    readonly complaints: readonly {
      readonly node: string;
      readonly condition: string;
      readonly silentMs: number;
    }[];
  }[];
  readonly groups: readonly FailoverGroup[];
  readonly routerProblem: Problem | null;
}

export interface FailoverHistory {
  readonly entries: readonly HistoryEntry[];
}

export interface Acknowledged {
  readonly cluster: string;
  readonly groups: readonly number[];
}

export interface MaintenanceAnswer {
  readonly cluster: string;
  readonly maintenance: Maintenance | null;
}

export interface Rehearsal {
  readonly ready: boolean;
  readonly refusals: readonly Problem[];
  readonly wouldDo: readonly string[];
}

export interface SwitchoverAnswer {
  readonly workflow: WorkflowSummary | null;
  readonly rehearsal: Rehearsal | null;
}

type ToldFinding = Omit<Finding, 'slots'> & { readonly slots: readonly TableSlots[] };

export interface HealPlan {
  readonly cluster: string;
  readonly mode: string;
  readonly lookedAt: number;
  readonly proposals: readonly {
    readonly finding: ToldFinding;
    readonly steps: readonly Pick<Proposal['steps'][number], 'step' | 'message'>[];
    readonly discardedBytes: number | null;
  }[];
}

export interface Healed {
  readonly workflows: readonly WorkflowSummary[];
  readonly postponed: readonly { readonly finding: ToldFinding; readonly why: string }[];
}
