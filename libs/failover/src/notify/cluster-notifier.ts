import type { ClusterSource } from '@slotferry/inventory';
import { toProblem } from '@slotferry/platform';
import type { FailoverNews } from './news';
import type { BeforeAnswer, Delivery, Notifier } from './notifier';
import { type NotifierOptions, SettingsNotifier } from './settings-notifier';

/** The hooks of whichever cluster news are about, as its definition has them at that moment. */
export class ClusterNotifier implements Notifier {
  constructor(
    private readonly clusters: Pick<ClusterSource, 'open'>,
    private readonly options: NotifierOptions = {},
  ) {}

  async before(news: FailoverNews): Promise<BeforeAnswer> {
    const notifier = await this.notifierFor(news);
    return 'hook' in notifier ? { veto: null, deliveries: [notifier] } : notifier.before(news);
  }

  async after(news: FailoverNews): Promise<readonly Delivery[]> {
    const notifier = await this.notifierFor(news);
    return 'hook' in notifier ? [notifier] : notifier.after(news);
  }

  /** Which hooks there are may not be known, as when the cluster was taken out: then nobody is told, and that is said. */
  private async notifierFor({ cluster }: FailoverNews): Promise<Notifier | Delivery> {
    try {
      const { definition } = await this.clusters.open(cluster);
      return new SettingsNotifier(definition.failover.notify, this.options);
    } catch (error) {
      const answer = `not sent: ${toProblem(error).message}`;
      return { hook: `all of ${cluster}`, ok: false, answer, tries: 0, tookMs: 0 };
    }
  }
}
