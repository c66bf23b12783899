import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Configuration } from '@slotferry/platform';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { serveDocs } from './docs/openapi';
import { invalidRequest } from './errors/request-invalid';
import { quietStart } from './start-up-log';

/** The API, ready to listen. */
export async function createApp(configuration: Configuration): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(configuration), {
    abortOnError: false,
    bufferLogs: true,
    forceCloseConnections: true,
  });
  app.useLogger(quietStart(app.get(Logger)));
  app.disable('x-powered-by');
  app.disable('etag');
  app.useBodyParser('json', { limit: '1mb' });
  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: invalidRequest,
    }),
  );
  serveDocs(app);
  return app;
}
