import { type INestApplication } from '@nestjs/common';
import { type Configuration, SlotferryError } from '@slotferry/platform';

/** The address the API is to listen on cannot be had. */
export class AddressUnusable extends SlotferryError {
  constructor(address: string, cause: NodeJS.ErrnoException) {
    const taken = cause.code === 'EADDRINUSE';
    super(
      {
        code: taken ? 'port-in-use' : 'address-unusable',
        message: taken
          ? `another process listens on ${address} already`
          : `the API cannot listen on ${address}: ${cause.message}`,
        remedy:
          'End the other process, or set SLOTFERRY_API_HOST and SLOTFERRY_API_PORT to an address that is free.',
      },
      { cause },
    );
  }
}

/** Opens the API's door. Throws AddressUnusable, after closing the application. */
export async function listen(app: INestApplication, configuration: Configuration): Promise<void> {
  const { apiHost, apiPort } = configuration;
  try {
    await app.listen(apiPort, apiHost);
  } catch (error) {
    await app.close();
    throw new AddressUnusable(`${apiHost}:${apiPort}`, error as NodeJS.ErrnoException);
  }
}
