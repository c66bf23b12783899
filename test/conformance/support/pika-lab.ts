import { Costs, Network, PikaNode, type PikaVersion } from '../../../apps/sandbox/src/pika';
import { RespConnection, encodeRequest } from '../../../apps/sandbox/src/resp';
import { freeFourDigitPort } from './four-digit-port';

/** Sandbox nodes on real ports, with a connection to each. */
export class PikaLab {
  private readonly nodes = new Map<string, PikaNode>();
  private readonly connections = new Map<string, RespConnection>();

  private constructor(private readonly network: Network) {}

  /** @param linkDelayMs long enough that a client sees what lies between two messages of the servers */
  static async start(names: readonly string[], version: PikaVersion, linkDelayMs: number): Promise<PikaLab> {
    const lab = new PikaLab(new Network(new Costs(10)));
    for (const name of names) await lab.add(name, version);
    for (const a of lab.nodes.values()) {
      for (const b of lab.nodes.values()) lab.network.link(a.address, b.address).slow(linkDelayMs);
    }
    return lab;
  }

  /** Sends a command and gives the raw reply. */
  async ask(node: string, words: readonly string[]): Promise<string> {
    const connection = this.connections.get(node);
    if (!connection) throw new Error(`There is no node ${node} in this lab`);
    return (await connection.sendRaw(encodeRequest(words.map((word) => this.fill(word))))).toString('latin1');
  }

  /** Puts the real ports in. */
  fill(text: string): string {
    return text.replace(/\{(\w+)\.port\}/g, (_, name: string) => String(this.nodes.get(name)?.port ?? 0));
  }

  async stop(): Promise<void> {
    for (const connection of this.connections.values()) connection.close();
    await Promise.all([...this.nodes.values()].map((node) => node.close()));
  }

  private async add(name: string, version: PikaVersion): Promise<void> {
    const node = new PikaNode({ name, version, port: await freeFourDigitPort() }, this.network);
    await node.start();
    this.nodes.set(name, node);
    this.connections.set(name, await RespConnection.connect({ host: node.host, port: node.port }));
  }
}
