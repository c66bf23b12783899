import { JsonText } from '../http/routes';
import { goJson } from '../protocol/go-format';
import { COMPILE, VERSION } from '../protocol/host-facts';
import { type Topom } from './topom';

/** `GET /topom`: everything at once, with the password of the coordinator in clear. */
export function overview(topom: Topom): JsonText {
  const head = goJson({
    version: VERSION,
    compile: COMPILE,
    config: configuration(topom),
    model: topom.model,
  });
  const stats = topom.bodies.stats().text.replaceAll('\n', '\n    ');
  return new JsonText(`${head.slice(0, -2)},\n    "stats": ${stats}\n}`);
}

function configuration(topom: Topom): Record<string, string | number> {
  const { product, coordinatorAuth, migration } = topom.config;
  return {
    coordinator_name: 'filesystem',
    coordinator_addr: process.cwd(),
    coordinator_auth: coordinatorAuth,
    admin_addr: topom.model.admin_addr,
    product_name: product,
    migration_method: migration.method,
    migration_parallel_slots: 100,
    migration_async_maxbulks: migration.maxBulks,
    migration_async_maxbytes: `${migration.maxBytes / (1024 * 1024)}mb`,
    migration_async_numkeys: migration.keys,
    migration_timeout: `${migration.timeoutMs / 1_000}s`,
    sentinel_client_timeout: '10s',
    sentinel_quorum: 2,
    sentinel_parallel_syncs: 1,
    sentinel_down_after: '30s',
    sentinel_failover_timeout: '5m',
    sentinel_notification_script: '',
    sentinel_client_reconfig_script: '',
  };
}
