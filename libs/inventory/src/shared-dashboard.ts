import type { RouterView } from '@slotferry/cluster';
import { CodisDashboard } from '@slotferry/codis';
import { Coalescer } from './coalescer';

/**
 * A dashboard whose looks are shared by all who ask at the same time: one fetch of the statistics at once, for routes and views.
 * Changes go their own ways.
 */
export class SharedDashboard extends CodisDashboard {
  private readonly texts = new Coalescer<null, string>(async () => {
    const text = await super.stats();
    return () => text;
  });

  private readonly views = new Coalescer<null, RouterView>(async () => {
    const view = await super.view();
    return () => view;
  });

  /** Read once for all who ask at the same time. */
  override view(): Promise<RouterView> {
    return this.views.load(null);
  }

  protected override stats(): Promise<string> {
    return this.texts.load(null);
  }
}
