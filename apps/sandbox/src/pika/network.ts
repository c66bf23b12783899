import { type Costs } from './costs';
import { Link } from './link';
import { type Peer } from './peer';

/** The nodes of a cluster and the links between them. */
export class Network {
  private readonly peers = new Map<string, Peer>();
  private readonly links = new Map<string, Link>();

  constructor(readonly costs: Costs) {}

  add(peer: Peer): void {
    this.peers.set(peer.address, peer);
  }

  remove(peer: Peer): void {
    if (this.peers.get(peer.address) === peer) this.peers.delete(peer.address);
  }

  /** @param address `localhost` finds the same nodes as `127.0.0.1` */
  find(address: string): Peer | undefined {
    return this.peers.get(address.replace(/^localhost:/, '127.0.0.1:'));
  }

  /** The link between two nodes, whichever is named first. */
  link(a: string, b: string): Link {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    let link = this.links.get(key);
    if (!link) this.links.set(key, (link = new Link(this.costs)));
    return link;
  }

  /** Whether a connection from one node to the other could be opened now. */
  canConnect(from: string, to: string): boolean {
    const peer = this.find(to);
    return peer !== undefined && peer.condition !== 'down' && !this.link(from, peer.address).isCut;
  }

  /** The node at the other end, when both are awake and nothing lies between them. */
  reach(from: Peer, to: string): Peer | undefined {
    const peer = this.find(to);
    if (from.condition !== 'running' || peer?.condition !== 'running') return undefined;
    return this.link(from.address, peer.address).isCut ? undefined : peer;
  }
}
