import type { AnalysisName, GroupAnalysis } from '@slotferry/cluster';
import type { FailoverMemory, HistoryEntry } from '../store/types';

/** What has to last this long before it is told, in milliseconds: a slow moment is no news. */
const minorLastsMs = 2_000;
const major: ReadonlySet<AnalysisName> = new Set(['MasterDead', 'NodeFrozen', 'ManyMastersDead']);

/** Writes into the history what becomes of groups: every change once, however many workers see it and however long it lasts. */
export class Chronicle {
  private readonly present = new Map<
    number,
    { readonly state: string; readonly since: number; told: boolean }
  >();

  constructor(
    private readonly cluster: string,
    private readonly memory: FailoverMemory,
  ) {}

  /** Throws what the memory throws; what was not written then is written with the next look. */
  async take(analyses: readonly GroupAnalysis[], now: number): Promise<void> {
    for (const analysis of analyses) await this.takeOne(analysis, now);
  }

  private async takeOne(analysis: GroupAnalysis, now: number): Promise<void> {
    const { group } = analysis;
    const state = stateOf(analysis);
    const before = this.present.get(group);
    const present = before?.state === state ? before : { state, since: now, told: false };
    this.present.set(group, present);
    if (present.told) return;
    if (!major.has(analysis.analysis) && now - present.since < minorLastsMs) return;
    const change = { about: `group ${group}`, state, initially: healthy };
    await this.memory.addChange(this.cluster, entryOf(analysis, now), change);
    present.told = true;
  }
}

const healthy = 'Healthy';

/** Refusals that go without saying are not told apart. */
function stateOf({ analysis, decision, master }: GroupAnalysis): string {
  if (!major.has(analysis)) return analysis;
  if (decision.kind === 'start' || decision.refusal === 'under-way') return `${analysis} ${master}`;
  return `${analysis} ${master} ${decision.refusal}`;
}

function entryOf(
  { group, analysis, why, decision, against, counted, quorum, master }: GroupAnalysis,
  at: number,
): HistoryEntry {
  const details = { analysis, master, against: [...against], counted, quorum };
  const detection = {
    at,
    group,
    kind: 'detection',
    code: analysis,
    message: why,
    workflow: null,
    details,
  } as const;
  if (!major.has(analysis) || decision.kind === 'start' || decision.refusal === 'under-way') return detection;
  return {
    ...detection,
    kind: 'non-decision',
    code: decision.refusal,
    message: `${why} ${decision.message}`,
  };
}
