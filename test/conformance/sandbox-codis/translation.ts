import { type CodisLab } from './codis-lab';
import { freePort } from './free-port';

/** Identities in the recordings. */
const RECORDED_TOKENS: Record<number, string> = {
  18101: 'fc7f0466f1a9181fee7aabab79004184',
  18102: 'bb6698ebec90f74b5a62900b27351a67',
  18111: '82d556c71eb9e0be898b6d040338e4eb',
};
const RECORDED_XAUTHS: Record<number, string> = {
  18101: '7d6bca5d0445da6ff19e4a6137f28017',
  18102: '932bd9dafb01846645de7fa1107695b5',
  18111: 'f23b1b0ce6b69f1410003ef01eec8131',
};
const RECORDED_DASHBOARD_TOKENS: Record<number, string> = {
  18080: '332026bb23c8bdf16d892a1ebb20d492',
  18081: '6286eda9d7c0f9807bebc0e2d60ff472',
  18090: 'd116efccccb23c904b98a0dd3e8bee57',
};
/** A proxy's port for clients lies this much above the one for its API. */
const CLIENT_OFFSET = 900;

/** Turns recorded addresses, tokens and xauths into those of a lab, and back. */
export class Translation {
  private readonly pairs: [recorded: string, local: string][] = [];

  private constructor() {}

  /** @param extra recorded port → local address of parts that the lab does not know */
  static async of(lab: CodisLab, recorded: string, extra: ReadonlyMap<number, string>): Promise<Translation> {
    const made = new Translation();
    made.addLab(lab);
    for (const [port, address] of extra) made.add(`127.0.0.1:${port}`, address);
    const known = new Set(made.pairs.map(([text]) => text));
    for (const [address] of recorded.matchAll(/127\.0\.0\.1:\d+/g)) {
      if (!known.has(address)) made.add(address, `127.0.0.1:${await freePort()}`);
      known.add(address);
    }
    return made;
  }

  toLocal(text: string): string {
    return this.pairs.reduce((all, [recorded, local]) => all.replaceAll(recorded, local), text);
  }

  toRecorded(text: string): string {
    return this.pairs.reduce((all, [recorded, local]) => all.replaceAll(local, recorded), text);
  }

  private addLab(lab: CodisLab): void {
    const { dashboards, nodes, proxies, fake } = lab.parts;
    for (const [port, { address }] of dashboards) this.add(`127.0.0.1:${port}`, address);
    for (const [port, { address }] of nodes) this.add(`127.0.0.1:${port}`, address);
    for (const [port, proxy] of proxies) {
      this.add(`127.0.0.1:${port}`, proxy.adminAddress);
      this.add(`127.0.0.1:${port + CLIENT_OFFSET}`, proxy.clientAddress);
      this.add(RECORDED_TOKENS[port], proxy.token);
      this.add(RECORDED_XAUTHS[port], lab.proxyXauth(proxy));
    }
    if (fake) this.add('127.0.0.1:18103', fake.address);
    for (const [port, token] of Object.entries(RECORDED_DASHBOARD_TOKENS)) {
      const dashboard = dashboards.get(Number(port));
      if (dashboard) this.add(token, dashboard.token);
    }
  }

  private add(recorded: string | undefined, local: string): void {
    if (recorded !== undefined) this.pairs.push([recorded, local]);
  }
}
