import { JsonText } from '../http/routes';
import { goJson, nestedJson, sortedByKey } from '../protocol/go-format';
import { type ClusterState } from './cluster-state';
import { type Samples } from './samples';
import { type SlotActionControl } from './slot-action-control';
import { type ViewContext, slotView } from './slot-view';

export interface StatsSources {
  readonly cluster: ClusterState;
  readonly samples: Samples;
  readonly action: SlotActionControl;
  readonly view: ViewContext;
}

/**
 * The bodies that clients poll. `stats` is 100 KB and asked for in hot loops, so every part keeps its text until it changes, and the
 * whole is handed out again as the same object while nothing changed.
 */
export class StatsBody {
  private readonly slotTexts: (string | undefined)[] = [];
  private slotsText: string | undefined;
  private slotsRevision = 0;
  private modelsRevision = 0;
  private parts: { key: string; text: string } | undefined;
  private whole: { key: string; body: JsonText } | undefined;
  private slotsBody: { key: string; body: JsonText } | undefined;

  constructor(private readonly sources: StatsSources) {}

  /** @param slotId the slot that is about to change; groups or proxies change when there is none */
  changed(slotId?: number): void {
    if (slotId === undefined) {
      this.modelsRevision += 1;
      return;
    }
    this.slotsRevision += 1;
    this.slotTexts[slotId] = undefined;
    this.slotsText = undefined;
  }

  /** `/topom/stats` */
  stats(): JsonText {
    const action = nestedJson(this.sources.action.toBody(), 1);
    const key = `${this.slotsRevision} ${this.modelsRevision} ${this.sources.samples.revision} ${action}`;
    if (this.whole?.key !== key) this.whole = { key, body: new JsonText(this.compose(action)) };
    return this.whole.body;
  }

  /** `/topom/slots`: the view that proxies get, without a proxy's own order of replicas. */
  slots(): JsonText {
    const key = `${this.slotsRevision} ${this.modelsRevision}`;
    if (this.slotsBody?.key !== key) {
      const { cluster, view } = this.sources;
      const slots = cluster.slots.map((mapping) => slotView(mapping, view));
      this.slotsBody = { key, body: new JsonText(goJson(slots)) };
    }
    return this.slotsBody.body;
  }

  private compose(action: string): string {
    return [
      '{\n    "closed": false',
      `    "slots": ${this.slotMappings()}`,
      this.groupsAndProxies(),
      `    "slot_action": ${action}`,
      `    "sentinels": ${nestedJson({ model: { out_of_sync: false }, stats: {}, masters: {} }, 1)}\n}`,
    ].join(',\n');
  }

  private slotMappings(): string {
    this.slotsText ??= `[\n${this.sources.cluster.slots.map((_, id) => this.slotMapping(id)).join(',\n')}\n    ]`;
    return this.slotsText;
  }

  private slotMapping(id: number): string {
    const text = this.slotTexts[id] ?? `        ${nestedJson(this.sources.cluster.slot(id), 2)}`;
    this.slotTexts[id] = text;
    return text;
  }

  private groupsAndProxies(): string {
    const key = `${this.modelsRevision} ${this.sources.samples.revision}`;
    if (this.parts?.key !== key) {
      const { cluster, samples } = this.sources;
      const addresses = new Set(cluster.groups.flatMap((group) => group.servers.map(({ server }) => server)));
      const servers = [...samples.servers].filter(([address]) => addresses.has(address));
      const group = { models: cluster.groups, stats: sortedByKey(servers) };
      const proxy = { models: cluster.proxies, stats: sortedByKey(samples.proxies) };
      this.parts = {
        key,
        text: `    "group": ${nestedJson(group, 1)},\n    "proxy": ${nestedJson(proxy, 1)}`,
      };
    }
    return this.parts.text;
  }
}
