import { ConfigurationError, loadConfiguration } from '@slotferry/platform';
import { Logger } from 'nestjs-pino';
import { AdminKey } from './access/admin-key';
import { createApp } from './create-app';
import { listen } from './listen';

async function main(): Promise<void> {
  const configuration = loadConfiguration();
  const app = await createApp(configuration);
  app.enableShutdownHooks();
  await listen(app, configuration);
  const { apiHost, apiPort } = configuration;
  app
    .get(Logger)
    .log(`the API listens on http://${apiHost}:${apiPort}; its key is in ${app.get(AdminKey).path}`, 'api');
}

main().catch((error: unknown) => {
  const told = error instanceof ConfigurationError || (error instanceof Error && 'remedy' in error);
  const lines = told
    ? [`error: ${error.message}`, `remedy: ${String((error as { remedy: unknown }).remedy)}`]
    : [`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  process.stderr.write(`${lines.join('\n')}\n`, () => process.exit(1));
});
