import { setTimeout as sleep } from 'node:timers/promises';
import { type PikaVersion } from '../../apps/sandbox/src/pika';
import { normalise } from './support/normalise';
import { PikaLab } from './support/pika-lab';
import { type TranscriptStep, readTranscript, transcriptNames } from './support/transcript';

/** Transcripts that were recorded one after the other on the same servers are replayed on the same nodes. */
const CONVERSATIONS: readonly { readonly version: PikaVersion; readonly transcripts: readonly string[] }[] = [
  { version: '3.4.1', transcripts: ['3.4.1-slots', '3.4.1-data'] },
  { version: '3.4.1', transcripts: ['3.4.1-divergence'] },
  { version: '3.4.1', transcripts: ['3.4.1-chain-after-full-copy'] },
  { version: '3.3.6', transcripts: ['3.3.6-slots'] },
  { version: '3.2.9', transcripts: ['3.2.9-slots'] },
];

const LINK_DELAY_MS = 20;
const SLEEP_MS = 300;
const UNTIL_LIMIT_MS = 8_000;

async function replay(lab: PikaLab, step: Extract<TranscriptStep, { kind: 'command' }>): Promise<string> {
  const deadline = Date.now() + UNTIL_LIMIT_MS;
  let reply = await lab.ask(step.node, step.send);
  while (step.until !== undefined && !reply.includes(step.until) && Date.now() < deadline) {
    await sleep(1);
    reply = await lab.ask(step.node, step.send);
  }
  return reply;
}

describe.each(CONVERSATIONS)('Pika $version as recorded in $transcripts', ({ version, transcripts }) => {
  let lab: PikaLab;

  beforeAll(async () => {
    const steps = transcripts.flatMap(readTranscript);
    const names = steps.flatMap((step) => (step.kind === 'command' ? [step.node] : []));
    lab = await PikaLab.start([...new Set(names)], version, LINK_DELAY_MS);
  });

  afterAll(() => lab.stop());

  for (const transcript of transcripts) {
    for (const step of readTranscript(transcript)) {
      if (step.kind === 'note') continue;
      if (step.kind === 'sleep') {
        it(`${transcript}: lets ${step.seconds} s pass, shortened`, async () => {
          await sleep(SLEEP_MS);
        });
        continue;
      }
      const name = `${transcript}:${step.line}`;
      it(`${name} ${step.node}> ${step.send.join(' ').slice(0, 70)}`, async () => {
        expect(normalise(await replay(lab, step))).toBe(normalise(lab.fill(step.reply)));
      });
    }
  }
});

it('replays every transcript there is, each step of it', () => {
  expect(CONVERSATIONS.flatMap(({ transcripts }) => transcripts).sort()).toEqual(transcriptNames());
});
