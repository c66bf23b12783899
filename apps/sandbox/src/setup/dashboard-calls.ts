import { dashboardXauth } from '../codis/protocol/xauth';
import { SandboxError } from '../errors';

const LIMIT_MS = 30_000;

/** The calls to the dashboard that build a topology, as an operator's tool makes them. */
export class DashboardCalls {
  private readonly xauth: string;

  constructor(
    private readonly address: string,
    product: string,
  ) {
    this.xauth = dashboardXauth(product);
  }

  registerProxy(admin: string): Promise<void> {
    return this.put('proxy/create', admin);
  }

  createGroup(group: number): Promise<void> {
    return this.put('group/create', String(group));
  }

  addServer(group: number, server: string): Promise<void> {
    return this.put('group/add', `${group}/${server}`);
  }

  assign(slots: readonly number[], group: number): Promise<void> {
    return this.put(
      'slots/assign',
      '',
      slots.map((id) => ({ id, group_id: group })),
    );
  }

  /** @throws SandboxError when the dashboard refuses */
  private async put(verb: string, path: string, body?: unknown): Promise<void> {
    const url = `http://${this.address}/api/topom/${verb}/${this.xauth}${path === '' ? '' : `/${path}`}`;
    const response = await fetch(url, {
      method: 'PUT',
      signal: AbortSignal.timeout(LIMIT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 200) return;
    throw new SandboxError(
      'SANDBOX_SETUP',
      `The dashboard refused ${verb} ${path}: ${text.slice(0, 200)}`,
      'Start the sandbox with --groups 0 and build the topology by hand.',
    );
  }
}
