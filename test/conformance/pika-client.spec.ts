import { type PikaNode, PikaError } from '@slotferry/pika';
import { ERROR_CODES, RAW_REASONS } from './pika-client/exceptions';
import { readTranscripts, type Step } from './pika-client/recording';
import { ReplayNode } from './pika-client/replay-node';
import { decode } from './pika-client/resp';
import { type Call, typedCall } from './pika-client/typed-calls';

/**
 * The typed client against everything that was recorded from real nodes. Each recorded step is asked for by the client and answered
 * by a server that says what was recorded. What the client has a method for goes through the method, and what comes back is
 * compared with an independent reading of the recorded bytes. All else goes through `raw`, for a reason listed.
 */

const usedReasons = new Set<RegExp>();
const usedErrors = new Set<RegExp>();

describe.each(readTranscripts())('the client and the recording $name', (transcript) => {
  const nodes = new Map<string, ReplayNode>();

  beforeAll(async () => {
    for (const { node } of transcript.steps) {
      if (!nodes.has(node)) nodes.set(node, await ReplayNode.start(transcript.version));
    }
  });

  afterAll(async () => {
    for (const node of nodes.values()) await node.stop();
  });

  it.each(transcript.steps.map((step) => [step.line, step.node, step.send.join(' '), step] as const))(
    'line %i: %s %s',
    async (_line, _node, _command, step) => {
      const node = nodes.get(step.node);
      if (!node) throw new Error(`no node ${step.node}`);
      node.expect(step);
      await check(step, typedCall(node.client, step, transcript.version) ?? rawCall(node.client, step));
      expect(node.surprises).toEqual([]);
      expect(node.pending).toBeNull();
    },
  );

  it('used every line', () => {
    const answered = [...nodes.values()].reduce((sum, node) => sum + node.answered, 0);
    expect(answered + transcript.remarks).toBe(transcript.lines);
  });
});

describe('the lists of exceptions', () => {
  it('hold nothing that no recording needs', () => {
    expect(RAW_REASONS.filter(([pattern]) => !usedReasons.has(pattern))).toEqual([]);
    expect(ERROR_CODES.filter(([pattern]) => !usedErrors.has(pattern))).toEqual([]);
  });
});

function rawCall(client: PikaNode, { send, reply }: Step): Call {
  const command = send.join(' ').replace(/^pkcluster ?/i, '');
  const reason = RAW_REASONS.find(([pattern]) => pattern.test(command));
  if (!reason) throw new Error(`No method of the client and no reason listed for: ${send.join(' ')}`);
  usedReasons.add(reason[0]);
  return { ask: () => client.raw(send), expected: decode(reply) };
}

/** What came back is what was recorded: the value, or an error of the right kind. */
async function check({ reply }: Step, { ask, expected }: Call): Promise<void> {
  if (!reply.startsWith('-')) {
    expect(await ask()).toEqual(expected);
    return;
  }
  const text = reply.slice(1).trim();
  const known = ERROR_CODES.find(([pattern]) => pattern.test(text));
  if (!known) throw new Error(`No code is listed for the error reply: ${text}`);
  usedErrors.add(known[0]);
  const error: unknown = await ask().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PikaError);
  expect(error).toMatchObject({
    code: known[1],
    outcomeUnknown: known[1] === 'master-unreachable',
    side: text.includes('sync master') ? 'master' : text.includes('sync slave') ? 'slave' : null,
  });
}
