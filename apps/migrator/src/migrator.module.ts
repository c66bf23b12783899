import { type DynamicModule, Module } from '@nestjs/common';
import { type Configuration, loggingOptions } from '@slotferry/platform';
import { LoggerModule, PinoLogger } from 'nestjs-pino';
import { HealthController } from './health.controller';
import { Migrator } from './migrator';

/** The worker that runs the phases of moves and bootstraps. Any number may run. */
@Module({})
export class MigratorModule {
  static with(configuration: Configuration): DynamicModule {
    const pinoHttp = { ...loggingOptions('migrator', configuration.logLevel), autoLogging: false };
    return {
      module: MigratorModule,
      // Its middleware would switch on the tracking of every promise of the process for good, with the first look at the health page.
      imports: [LoggerModule.forRoot({ pinoHttp, forRoutes: [] })],
      controllers: [HealthController],
      providers: [
        {
          provide: Migrator,
          inject: [PinoLogger],
          useFactory: (pino: PinoLogger) => new Migrator(configuration, pino),
        },
      ],
    };
  }
}
