import { openRedis } from '@slotferry/platform';
import { Queue, Worker } from 'bullmq';
import { PHASES } from './idle-workflow';
import { answerParent } from './process-usage';
import { BARE_PREFIX, BARE_QUEUE, type BareJob, bareStream, CONCURRENCY, JOB_OPTIONS } from './settings';

/** A worker of bare chains: every job appends one entry to a stream and adds the next job. `bare-process.ts <redis url>` */
const [redisUrl = ''] = process.argv.slice(2);

const redis = openRedis(redisUrl, { role: 'command' });
const connection = openRedis(redisUrl, { role: 'queue' });
const queue = new Queue<BareJob>(BARE_QUEUE, { connection, prefix: BARE_PREFIX });
const worker = new Worker<BareJob>(
  BARE_QUEUE,
  async ({ data: { chain, step } }) => {
    await redis.xadd(bareStream(chain), '*', 'type', 'step-completed', 'step', step);
    if (step === PHASES) return;
    await queue.add('step', { chain, step: step + 1 }, { ...JOB_OPTIONS, jobId: `${chain}-${step + 1}` });
  },
  { connection, prefix: BARE_PREFIX, concurrency: CONCURRENCY, lockDuration: 20_000, autorun: false },
);
worker.on('error', (error) => {
  throw error;
});
answerParent(() => void worker.run());
