import { type DynamicModule, Global, Module } from '@nestjs/common';
import { RedisFailoverMemory } from '@slotferry/failover';
import { ClusterConnections, ClusterRegistry, ClusterSource } from '@slotferry/inventory';
import { PlanStore } from '@slotferry/migration';
import { type Configuration, openRedis, Redactor } from '@slotferry/platform';
import { EventLog, Feed, Keys, WorkflowEngine } from '@slotferry/workflow';
import { PinoLogger } from 'nestjs-pino';
import { AdminKey } from '../access/admin-key';
import { Connections } from './connections';

/** Everything that outlives a request: connections, the event log, registered clusters, the key. */
@Global()
@Module({})
export class StorageModule {
  static with(configuration: Configuration): DynamicModule {
    const { namespace } = configuration;
    const shared = [
      { provide: Redactor, useFactory: () => new Redactor() },
      { provide: AdminKey, useFactory: () => AdminKey.in(configuration.dataDir) },
      { provide: Keys, useFactory: () => new Keys(namespace) },
      {
        provide: Connections,
        inject: [PinoLogger, Keys, ClusterConnections],
        useFactory: (pino: PinoLogger, keys: Keys, clusters: ClusterConnections) =>
          connect(configuration, pino, keys, clusters),
      },
      {
        provide: ClusterConnections,
        inject: [Redactor],
        useFactory: (redactor: Redactor) => new ClusterConnections(redactor),
      },
      { provide: Feed, inject: [Connections], useFactory: ({ feed }: Connections) => feed },
      {
        provide: ClusterRegistry,
        inject: [Connections],
        useFactory: ({ redis }: Connections) => new ClusterRegistry(redis, namespace),
      },
      {
        provide: ClusterSource,
        inject: [ClusterRegistry, ClusterConnections],
        useFactory: (registry: ClusterRegistry, connections: ClusterConnections) =>
          new ClusterSource(registry, connections),
      },
      {
        provide: PlanStore,
        inject: [Connections],
        useFactory: ({ redis }: Connections) => new PlanStore(redis, namespace),
      },
      {
        provide: RedisFailoverMemory,
        inject: [Connections],
        useFactory: ({ redis }: Connections) => new RedisFailoverMemory(redis, namespace),
      },
      {
        provide: WorkflowEngine,
        inject: [Connections, Keys],
        useFactory: ({ redis }: Connections, keys: Keys) => new WorkflowEngine(new EventLog(redis, keys)),
      },
    ];
    return {
      module: StorageModule,
      providers: shared,
      exports: shared.map(({ provide }) => provide),
    };
  }
}

function connect(
  { redisUrl }: Configuration,
  pino: PinoLogger,
  keys: Keys,
  clusters: ClusterConnections,
): Connections {
  const logger = {
    debug: (fields: object, message: string) => pino.debug(fields, message),
    info: (fields: object, message: string) => pino.info(fields, message),
    warn: (fields: object, message: string) => pino.warn(fields, message),
    error: (fields: object, message: string) => pino.error(fields, message),
  };
  const redis = openRedis(redisUrl, { role: 'command', logger });
  const feedRedis = openRedis(redisUrl, { role: 'blocking', logger });
  return new Connections(redis, feedRedis, new Feed(feedRedis, keys), clusters);
}
