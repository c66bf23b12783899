import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfiguration } from '@slotferry/platform';
import { Logger } from 'nestjs-pino';
import { FailoverModule } from './failover.module';

async function main(): Promise<void> {
  const configuration = loadConfiguration();
  const app = await NestFactory.create(FailoverModule.with(configuration), {
    abortOnError: false,
    bufferLogs: true,
  });
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks();
  if (configuration.healthPort === 0) await app.init();
  else await app.listen(configuration.healthPort, configuration.apiHost);
}

main().catch((error: unknown) => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const remedy = error instanceof Error && 'remedy' in error ? String(error.remedy) : null;
  const lines = remedy === null ? [`error: ${stack ?? message}`] : [`error: ${message}`, `remedy: ${remedy}`];
  process.stderr.write(`${lines.join('\n')}\n`, () => process.exit(1));
});
