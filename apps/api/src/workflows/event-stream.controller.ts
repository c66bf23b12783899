import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import {
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { ErrorAnswers } from '../docs/error-answers';
import { wrongField } from '../errors/request-invalid';
import { EventStreams } from './event-streams';
import { EventsQuery } from './queries.dto';
import { SseWriter } from './sse-writer';

@ApiTags('workflows')
@Controller('workflows')
export class EventStreamController {
  constructor(private readonly streams: EventStreams) {}

  @Get(':id/events/stream')
  @ApiOperation({
    summary: 'The events of a workflow as they come (server-sent events); ends after the last one.',
    description:
      'Every event has its version as id, its type as event and the event as JSON data. A comment every 15 s keeps the connection open.',
  })
  @ApiProduces('text/event-stream')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Go on after this version; counts more than "after".',
  })
  @ApiOkResponse({
    schema: { type: 'string', example: 'id: 1\nevent: workflow-started\ndata: {"version":1}\n\n' },
  })
  @ApiNoContentResponse({ description: 'The workflow has ended and there is nothing more to come.' })
  @ErrorAnswers(400, 404)
  async stream(
    @Param('id') id: string,
    @Query() query: EventsQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const after = lastEventId(request) ?? query.after;
    if (await this.streams.isOver(id, after)) {
      response.status(204).end();
      return;
    }
    const writer = new SseWriter(response);
    try {
      for await (const event of this.streams.follow(id, after, writer.gone)) {
        await writer.send(String(event.version), event.type, event);
      }
    } finally {
      writer.end();
    }
  }
}

function lastEventId(request: Request): number | null {
  const text = request.header('Last-Event-ID');
  if (text === undefined || text === '') return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw wrongField('Last-Event-ID', 'Last-Event-ID is no version', 'Send the id of the last event received.');
}
