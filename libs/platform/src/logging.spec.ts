import { createLogger, type LogLevel, type Logger } from './logging';

function recordingLogger(level: LogLevel): { logger: Logger; entries: () => Record<string, unknown>[] } {
  const lines: string[] = [];
  const logger = createLogger('migrator', level, { write: (line) => void lines.push(line) });
  return { logger, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('createLogger', () => {
  it('writes JSON lines with the name of the service, its fields and the message', () => {
    const { logger, entries } = recordingLogger('info');
    logger.info({ slot: 7 }, 'slot attached');
    expect(entries()).toEqual([expect.objectContaining({ name: 'migrator', slot: 7, msg: 'slot attached' })]);
  });

  it('keeps to its level', () => {
    const { logger, entries } = recordingLogger('warn');
    logger.debug({}, 'a');
    logger.info({}, 'b');
    logger.warn({}, 'c');
    logger.error({}, 'd');
    expect(entries().map((entry) => entry.msg)).toEqual(['c', 'd']);
  });

  it('never writes the value of a secret key, down to the fourth level', () => {
    const { logger, entries } = recordingLogger('info');
    logger.info(
      {
        password: 'hunter2',
        node: { auth: 'hunter2' },
        req: { headers: { authorization: 'hunter2', 'x-api-key': 'hunter2', host: 'a' } },
        a: { b: { c: { token: 'hunter2', apiKey: 'hunter2' } } },
      },
      'request',
    );
    expect(JSON.stringify(entries())).not.toContain('hunter2');
    expect(entries()[0]).toMatchObject({ node: { auth: '***' }, req: { headers: { host: 'a' } } });
  });

  it('writes errors with their text', () => {
    const { logger, entries } = recordingLogger('info');
    logger.error({ error: new Error('it broke') }, 'failed');
    expect(entries()[0]).toMatchObject({ error: { message: 'it broke' } });
  });
});
