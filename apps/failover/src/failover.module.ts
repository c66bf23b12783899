import { type DynamicModule, Module } from '@nestjs/common';
import { type Configuration, loggingOptions } from '@slotferry/platform';
import { LoggerModule, PinoLogger } from 'nestjs-pino';
import { FailoverWorker } from './failover-worker';
import { HealthController } from './health.controller';

/** The worker that watches masters and runs what follows from their deaths. Three of them on three machines. */
@Module({})
export class FailoverModule {
  static with(configuration: Configuration): DynamicModule {
    const pinoHttp = { ...loggingOptions('failover', configuration.logLevel), autoLogging: false };
    return {
      module: FailoverModule,
      // Its middleware would switch on the tracking of every promise of the process for good, with the first look at the health page.
      imports: [LoggerModule.forRoot({ pinoHttp, forRoutes: [] })],
      controllers: [HealthController],
      providers: [
        {
          provide: FailoverWorker,
          inject: [PinoLogger],
          useFactory: (pino: PinoLogger) => new FailoverWorker(configuration, pino),
        },
      ],
    };
  }
}
