import { type ProxyStats, type Sample } from '../protocol/models';

export type ServerSample = Sample<Readonly<Record<string, string>>>;
export type ProxySample = Sample<ProxyStats>;

/** The last samples of servers (by address) and proxies (by token), renewed once a second. */
export class Samples {
  private byServer: ReadonlyMap<string, ServerSample> = new Map();
  private byProxy: ReadonlyMap<string, ProxySample> = new Map();
  /** Grows with every renewal. */
  revision = 0;

  get servers(): ReadonlyMap<string, ServerSample> {
    return this.byServer;
  }

  set servers(samples: ReadonlyMap<string, ServerSample>) {
    this.byServer = samples;
    this.revision += 1;
  }

  get proxies(): ReadonlyMap<string, ProxySample> {
    return this.byProxy;
  }

  set proxies(samples: ReadonlyMap<string, ProxySample>) {
    this.byProxy = samples;
    this.revision += 1;
  }
}
