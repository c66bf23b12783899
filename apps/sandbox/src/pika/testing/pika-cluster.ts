import { RespConnection, type RespValue } from '../../resp';
import { type BinlogLimits } from '../binlog';
import { Costs } from '../costs';
import { Network } from '../network';
import { PikaNode } from '../node';
import { type PikaVersion } from '../versions';

export interface ClusterOptions {
  readonly nodes?: number;
  readonly version?: PikaVersion;
  readonly password?: string;
  readonly binlog?: BinlogLimits;
  readonly peerTimeoutMs?: number;
}

const LIMIT_MS = 5_000;

/** Nodes `pika1`, `pika2`, ... without delays, and a client, for specs. */
export class PikaCluster {
  readonly costs: Costs;
  readonly network: Network;
  readonly nodes: PikaNode[] = [];
  private readonly clients = new Map<PikaNode, RespConnection>();

  private constructor(peerTimeoutMs: number) {
    this.costs = new Costs('zero', peerTimeoutMs);
    this.network = new Network(this.costs);
  }

  static async start({
    nodes = 3,
    peerTimeoutMs = 20_000,
    ...node
  }: ClusterOptions = {}): Promise<PikaCluster> {
    const cluster = new PikaCluster(peerTimeoutMs);
    for (let number = 1; number <= nodes; number += 1) {
      const pika = new PikaNode({ name: `pika${number}`, ...node }, cluster.network);
      await pika.start();
      cluster.nodes.push(pika);
    }
    return cluster;
  }

  /** @param number counted from 1 */
  node(number: number): PikaNode {
    const node = this.nodes[number - 1];
    if (!node) throw new Error(`There is no pika${number}`);
    return node;
  }

  /** Sends a command typed as a line and gives its reply as text; arrays as comma separated text. */
  async ask(number: number, line: string): Promise<string> {
    return textOf(await this.send(number, line.split(' ')));
  }

  async send(number: number, words: readonly (string | Buffer)[]): Promise<RespValue> {
    const node = this.node(number);
    let client = this.clients.get(node);
    if (!client || client.closed) {
      client = await RespConnection.connect({ host: node.host, port: node.port });
      this.clients.set(node, client);
    }
    return client.send(words);
  }

  /** Asks again until the reply holds the text. */
  async until(number: number, line: string, text: string): Promise<string> {
    const deadline = Date.now() + LIMIT_MS;
    for (;;) {
      const reply = await this.ask(number, line);
      if (reply.includes(text)) return reply;
      if (Date.now() > deadline) throw new Error(`"${line}" never held "${text}": ${reply}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Makes one slot follow another node's, and waits until it does. */
  async attach(slave: number, master: number, slot: number, mode = ''): Promise<void> {
    const { host, port } = this.node(master);
    const reply = await this.ask(slave, `pkcluster slotsslaveof ${host} ${port} ${slot} ${mode}`.trim());
    if (reply !== 'OK') throw new Error(reply);
    await this.until(slave, `pkcluster info slot ${slot}`, 'kConnected');
    await this.until(master, `pkcluster info slot ${slot}`, 'SlaveBinlogSync');
  }

  /** Kills a node and starts it again. */
  async restart(number: number): Promise<void> {
    const node = this.node(number);
    this.clients.get(node)?.close();
    await node.restart();
  }

  async stop(): Promise<void> {
    for (const client of this.clients.values()) client.close();
    await Promise.all(this.nodes.map((node) => node.close()));
  }
}

/** A further client of `pika1`. */
export class PikaClient {
  private constructor(private readonly connection: RespConnection) {}

  static async connect(cluster: PikaCluster): Promise<PikaClient> {
    const { host, port } = cluster.node(1);
    return new PikaClient(await RespConnection.connect({ host, port }));
  }

  async ask(line: string): Promise<string> {
    return textOf(await this.connection.send(line.split(' ')));
  }

  close(): void {
    this.connection.close();
  }
}

/** A reply as text. */
export function textOf(value: RespValue): string {
  switch (value.type) {
    case 'simple':
    case 'error':
      return value.text;
    case 'integer':
      return String(value.value);
    case 'bulk':
      return value.data?.toString() ?? '(nil)';
    case 'array':
      return value.items?.map(textOf).join(',') ?? '(nil)';
  }
}
