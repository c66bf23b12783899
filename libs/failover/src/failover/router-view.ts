import type { RouterView } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import type { OpenCluster } from '@slotferry/inventory';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import { timing } from './timing';

/** The router's view, soon or not at all. Throws CodisError `timed-out` when it does not answer in time. */
export async function viewOf({ router }: OpenCluster): Promise<RouterView> {
  const looking = withTimeout(router.view(), timing.routerLook, `the router ${router.address}`);
  return looking.catch((error: unknown) => {
    if (!(error instanceof TimeLimitError)) throw error;
    throw new CodisError({ code: 'timed-out', message: error.message, cause: error });
  });
}
