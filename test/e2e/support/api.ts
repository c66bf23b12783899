import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration, type Configuration } from '@slotferry/platform';
import { type DraftEvent, WorkflowEngine } from '@slotferry/workflow';
import { createApp } from '../../../apps/api/src/create-app';
import { freePort } from '../../support/redis';

/** The real API in this process, on a port of loopback. */
export interface TestApi {
  readonly url: string;
  readonly key: string;
  readonly dataDir: string;
  readonly configuration: Configuration;
  readonly engine: WorkflowEngine;
  /** Ends the server; the port and the data directory stay. */
  stop(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the API with a data directory of its own. */
export async function startApi(redisUrl: string): Promise<TestApi> {
  const dataDir = await mkdtemp(join(tmpdir(), 'slotferry-api-'));
  const configuration = loadConfiguration({
    SLOTFERRY_REDIS_URL: redisUrl,
    SLOTFERRY_API_PORT: String(await freePort()),
    SLOTFERRY_DATA_DIR: dataDir,
    SLOTFERRY_LOG_LEVEL: 'silent',
  });
  let app = await open(configuration);
  return {
    url: `http://${configuration.apiHost}:${configuration.apiPort}`,
    key: (await readFile(join(dataDir, 'admin.key'), 'utf8')).trim(),
    dataDir,
    configuration,
    get engine() {
      return app.get(WorkflowEngine);
    },
    stop: () => app.close(),
    async start() {
      app = await open(configuration);
    },
    async close() {
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Appends events as a worker would. */
export async function asWorker(api: TestApi, workflowId: string, ...drafts: DraftEvent[]): Promise<void> {
  const state = await api.engine.get(workflowId);
  await api.engine.log.append(state, drafts, { actor: 'worker:test' });
}

async function open(configuration: Configuration): ReturnType<typeof createApp> {
  const app = await createApp(configuration);
  await app.listen(configuration.apiPort, configuration.apiHost);
  return app;
}
