import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { type Configuration } from '@slotferry/platform';
import { LoggerModule } from 'nestjs-pino';
import { AccessGuard } from './access/access.guard';
import { ClustersController } from './clusters/clusters.controller';
import { Clusters } from './clusters/clusters';
import { ErrorFilter } from './errors/error.filter';
import { ApproveChoice } from './failover/approve-choice';
import { FailoverController } from './failover/failover.controller';
import { FailoverOperations } from './failover/failover-operations';
import { FailoverStatus } from './failover/failover-status';
import { Heal } from './failover/heal';
import { HealController } from './failover/heal.controller';
import { StartFailover } from './failover/start-failover';
import { StartSwitchover } from './failover/start-switchover';
import { SwitchoversController } from './failover/switchovers.controller';
import { HealthController } from './health/health.controller';
import { httpLogging } from './http-logging';
import { MoveRequests } from './moves/move-requests';
import { MovesController } from './moves/moves.controller';
import { StartMoves } from './moves/start-moves';
import { ExecutePlan } from './rebalance/execute-plan';
import { Plans } from './rebalance/plans';
import { PlansController } from './rebalance/plans.controller';
import { SettingsController } from './rebalance/settings.controller';
import { StorageModule } from './storage/storage.module';
import { TopologyController } from './topology/topology.controller';
import { EventStreamController } from './workflows/event-stream.controller';
import { EventStreams } from './workflows/event-streams';
import { Steering } from './workflows/steering';
import { SteeringController } from './workflows/steering.controller';
import { WorkflowsController } from './workflows/workflows.controller';

/** Everything the API consists of. */
@Module({})
export class AppModule {
  static with(configuration: Configuration): DynamicModule {
    return {
      module: AppModule,
      imports: [
        LoggerModule.forRoot({ pinoHttp: httpLogging(configuration.logLevel) }),
        StorageModule.with(configuration),
      ],
      controllers: [
        HealthController,
        ClustersController,
        TopologyController,
        MovesController,
        PlansController,
        WorkflowsController,
        EventStreamController,
        SteeringController,
        SettingsController,
        FailoverController,
        SwitchoversController,
        HealController,
      ],
      providers: [
        Clusters,
        MoveRequests,
        StartMoves,
        Plans,
        ExecutePlan,
        EventStreams,
        Steering,
        ApproveChoice,
        FailoverOperations,
        FailoverStatus,
        StartFailover,
        StartSwitchover,
        Heal,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}
