import { NodeClient, type NodeClientOptions } from './node-client';

/** Idle connections by address. A connection that failed is thrown away. */
export class NodePool {
  private readonly idle = new Map<string, NodeClient[]>();
  private isClosed = false;

  constructor(private readonly options: NodeClientOptions) {}

  /** @throws CodisError from opening the connection or from the work */
  async use<T>(address: string, work: (client: NodeClient) => Promise<T>): Promise<T> {
    const client = this.take(address) ?? (await NodeClient.open(address, this.options));
    try {
      const result = await work(client);
      this.giveBack(client);
      return result;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  close(): void {
    this.isClosed = true;
    for (const client of [...this.idle.values()].flat()) client.close();
    this.idle.clear();
  }

  private take(address: string): NodeClient | undefined {
    const clients = this.idle.get(address) ?? [];
    for (let client = clients.pop(); client; client = clients.pop()) {
      if (!client.closed) return client;
    }
    return undefined;
  }

  private giveBack(client: NodeClient): void {
    if (this.isClosed) return client.close();
    const clients = this.idle.get(client.address) ?? [];
    clients.push(client);
    this.idle.set(client.address, clients);
  }
}
