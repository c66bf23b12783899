import { type INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ErrorAnswerDto } from '../errors/error-answer.dto';

/** Serves the description of the API: a page at /docs, the document at /docs-json. */
export function serveDocs(app: INestApplication): void {
  const head = new DocumentBuilder()
    .setTitle('Slotferry')
    .setDescription(
      'Moves slots of Pika + Codis clusters between groups while clients keep writing, and replaces dead masters. Every error answer has the form ' +
        'ErrorAnswerDto: a code for programs, what happened, what to do.',
    )
    .setVersion('0.1.0')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'The key in admin.key of the data directory.',
    })
    .addSecurityRequirements('bearer')
    .build();
  const document = (): ReturnType<typeof SwaggerModule.createDocument> =>
    SwaggerModule.createDocument(app, head, { extraModels: [ErrorAnswerDto] });
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs-json', yamlDocumentUrl: 'docs-yaml' });
}
