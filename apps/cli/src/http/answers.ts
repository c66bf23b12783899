import {
  type Json,
  type JsonObject,
  type Problem,
  type WorkflowEvent,
  type WorkflowSummary,
} from '@slotferry/workflow';

/** The API's answers as this tool reads them. */
export interface ClusterAnswer {
  readonly definition: {
    readonly name: string;
    readonly router: { readonly kind: string; readonly dashboard: string };
    readonly groups: readonly { readonly id: number; readonly nodes: readonly string[] }[];
  };
  readonly version: number;
  readonly savedAt: string;
  readonly savedBy: string;
  readonly change?: 'created' | 'changed' | 'unchanged';
}

export interface WorkflowDetails extends WorkflowSummary {
  readonly phaseRecords: readonly {
    readonly phase: string;
    readonly enteredAt: number;
    readonly completedAt: number | null;
    readonly result?: Json;
  }[];
  readonly facts: JsonObject;
  readonly steps: readonly { readonly step: string; readonly at: number }[];
  readonly settings: JsonObject;
}

export interface Workflows {
  readonly workflows: readonly WorkflowSummary[];
}

export interface Events {
  readonly events: readonly WorkflowEvent[];
}

export interface Verification {
  readonly workflowId: string;
  readonly intact: boolean;
  readonly fault: { readonly version: number; readonly code: string } | null;
}

export interface TableSlots {
  readonly table: number;
  readonly slots: string;
  readonly count: number;
}

export interface TopologyNode {
  readonly address: string;
  readonly role: 'master' | 'replica';
  readonly reachable: boolean;
  readonly version: string | null;
  readonly holds: readonly TableSlots[];
  readonly replication: {
    readonly attached: readonly TableSlots[];
    readonly lagging: readonly TableSlots[];
    readonly missing: readonly TableSlots[];
    readonly maxLagBytes: number | null;
  } | null;
}

export interface TopologyGroup {
  readonly id: number;
  readonly slots: readonly TableSlots[] | null;
  readonly promoting: boolean;
  readonly outOfSync: boolean;
  readonly nodes: readonly TopologyNode[];
}

export interface Topology {
  readonly cluster: string;
  readonly checkedAt: string;
  readonly router: {
    readonly address: string;
    readonly reachable: boolean;
    readonly handoversDisabled: boolean;
  };
  readonly groups: readonly TopologyGroup[];
  readonly proxies: readonly {
    readonly address: string;
    readonly admin: string;
    readonly healthy: boolean;
    readonly problem: string | null;
  }[];
  readonly handovers: readonly {
    readonly table: number;
    readonly slot: number;
    readonly from: number | null;
    readonly to: number;
    readonly state: string;
  }[];
  readonly offline: readonly TableSlots[];
  readonly unreachable: readonly (Problem & { readonly part: string })[];
  readonly differences: readonly string[];
}
