import { sseEvents } from './sse-events';

async function read(...chunks: (string | Buffer)[]): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  for await (const data of sseEvents(stream())) found.push(data);
  return found;
}

describe('sseEvents', () => {
  it('gives the data of every event, and null for a sign of life', async () => {
    expect(await read('id: 1\nevent: x\ndata: {"a":1}\n\n: still here\n\ndata: 2\n\n')).toEqual([
      '{"a":1}',
      null,
      '2',
    ]);
  });

  it('puts together what comes in pieces, also within a character', async () => {
    const bytes = Buffer.from('data: Größe\n\n');
    expect(await read(bytes.subarray(0, 9), bytes.subarray(9, 10), bytes.subarray(10))).toEqual(['Größe']);
  });

  it('leaves out an event that was cut off', async () => {
    expect(await read('data: 1\n\ndata: 2')).toEqual(['1']);
  });
});
