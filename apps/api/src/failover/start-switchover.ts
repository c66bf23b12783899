import { Injectable } from '@nestjs/common';
import { rehearseSwitchover, switchoverDefinition, type SwitchoverInput } from '@slotferry/failover';
import { ClusterSource, GroupNotFound } from '@slotferry/inventory';
import { CommandIdReused, WorkflowEngine, type WorkflowSummary } from '@slotferry/workflow';
import { ADMIN } from '../access/actor';
import { Clusters } from '../clusters/clusters';
import { SwitchoverRefused } from './failover.errors';
import { type RehearsalDto, type SwitchoverRequestDto } from './switchover.dto';

/** Starts and rehearses switchovers. */
@Injectable()
export class StartSwitchover {
  constructor(
    private readonly clusters: Clusters,
    private readonly source: ClusterSource,
    private readonly engine: WorkflowEngine,
  ) {}

  /** Throws ClusterNotFound, GroupNotFound, what the router throws, RedisUnavailable. */
  async rehearse(cluster: string, request: SwitchoverRequestDto): Promise<RehearsalDto> {
    const parts = { clusters: this.source, engine: this.engine };
    return rehearseSwitchover(parts, await this.inputFor(cluster, request));
  }

  /**
   * Starts it, unless something stands against it now. One that is to begin later is refused only for what cannot change by itself: it
   * looks at everything else when its time has come. A request repeated with its key is answered with the switchover that the first
   * one started. Throws what `rehearse` throws, SwitchoverRefused, ResourceHeld, CommandIdReused.
   * @param key the request's Idempotency-Key
   */
  async start(
    cluster: string,
    request: SwitchoverRequestDto,
    key: string | undefined,
  ): Promise<WorkflowSummary> {
    const before = key === undefined ? null : await this.engine.startedWith(switchoverDefinition, key);
    if (key !== undefined && before) return sameRequest(before, cluster, request, key);
    const input = await this.inputFor(cluster, request);
    if (isDue(input)) await this.refuse(input);
    return this.engine.start(switchoverDefinition, input, { actor: ADMIN, commandId: key });
  }

  private async refuse(input: SwitchoverInput): Promise<void> {
    const { refusals } = await rehearseSwitchover({ clusters: this.source, engine: this.engine }, input);
    const [first, ...others] = refusals;
    if (first) throw new SwitchoverRefused([first, ...others]);
  }

  private async inputFor(name: string, request: SwitchoverRequestDto): Promise<SwitchoverInput> {
    const { definition } = await this.clusters.get(name);
    const { router } = await this.source.open(definition.name);
    const { groups } = await router.view();
    const found = groups.find(({ id }) => id === request.group);
    const [from, ...replicas] = found?.servers ?? [];
    if (from === undefined) throw new GroupNotFound(name, request.group);
    if (!replicas.includes(request.to)) throw notAReplica(request, from, replicas);
    return { ...wantedBy(name, request), from };
  }
}

/** What was asked for; whose place is taken is not part of it. */
type Wanted = Pick<SwitchoverInput, 'cluster' | 'group' | 'to' | 'acceptLoss' | 'notBefore'>;

function wantedBy(cluster: string, request: SwitchoverRequestDto): Wanted {
  const { group, to, acceptLoss = false, notBefore } = request;
  return {
    cluster,
    group,
    to,
    acceptLoss,
    notBefore: notBefore === undefined ? '' : new Date(notBefore).toISOString(),
  };
}

function isDue({ notBefore }: SwitchoverInput): boolean {
  return notBefore === '' || Date.parse(notBefore) <= Date.now();
}

/** Its master may be another one by now; all that was asked for must be the same. */
function sameRequest(
  before: WorkflowSummary,
  cluster: string,
  request: SwitchoverRequestDto,
  key: string,
): WorkflowSummary {
  const wanted = Object.entries(wantedBy(cluster, request));
  if (wanted.some(([name, value]) => before.input[name] !== value)) throw new CommandIdReused(key);
  return before;
}

function notAReplica(
  { group, to }: SwitchoverRequestDto,
  master: string,
  replicas: readonly string[],
): SwitchoverRefused {
  const choice = replicas.length > 0 ? `Name one of ${replicas.join(', ')}.` : 'Add a replica first.';
  return new SwitchoverRefused([
    to === master
      ? {
          code: 'already-master',
          message: `${to} is the master of group ${group} already`,
          remedy: 'Nothing has to be done.',
        }
      : { code: 'not-a-replica', message: `${to} is no replica of group ${group}`, remedy: choice },
  ]);
}
