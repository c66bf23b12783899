import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { Redactor } from '@slotferry/platform';
import { type Request, type Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { answerTo } from './answer-to';

/** Turns whatever was thrown into an answer. What is our failure gets an id that the log carries too. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: PinoLogger,
    private readonly redactor: Redactor,
  ) {
    logger.setContext('api');
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const { method, path } = http.getRequest<Request>();
    const { status, body } = answerTo(error);
    if (body.errorId !== undefined) {
      this.logger.error({ errorId: body.errorId, err: error, method, path }, 'a request failed');
    }
    // A stream that has begun cannot become an error any more: its reader sees it end, and comes back.
    if (response.headersSent) {
      response.end();
      return;
    }
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="slotferry"');
    response.status(status).json(this.redactor.json(body));
  }
}
