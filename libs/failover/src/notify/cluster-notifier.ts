import type { NotifySettings } from '@slotferry/cluster';
import type { ClusterSource } from '@slotferry/inventory';
import type { FailoverNews } from './news';
import type { BeforeAnswer, Delivery, Notifier } from './notifier';
import { type NotifierOptions, SettingsNotifier } from './settings-notifier';

/** The hooks of whichever cluster news are about, as its definition has them at that moment. Throws what opening the cluster throws. */
export class ClusterNotifier implements Notifier {
  constructor(
    private readonly clusters: Pick<ClusterSource, 'open'>,
    private readonly options: NotifierOptions = {},
  ) {}

  async before(news: FailoverNews): Promise<BeforeAnswer> {
    return (await this.notifierFor(news)).before(news);
  }

  async after(news: FailoverNews): Promise<readonly Delivery[]> {
    return (await this.notifierFor(news)).after(news);
  }

  private async notifierFor({ cluster }: FailoverNews): Promise<Notifier> {
    const { definition } = await this.clusters.open(cluster);
    const settings: NotifySettings = definition.failover.notify;
    return new SettingsNotifier(settings, this.options);
  }
}
