import { type ClusterDefinition, DEFAULT_FAILOVER } from '@slotferry/cluster';
import { Redactor, SecretError } from '@slotferry/platform';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ClusterConnections } from './cluster-connections';

const lab = (changes: Partial<ClusterDefinition> = {}): ClusterDefinition => ({
  name: 'lab',
  router: { kind: 'codis', dashboard: 'http://127.0.0.1:9', product: 'lab', productAuth: null, proxies: [] },
  pika: { auth: null },
  migration: { holdBudgetMs: 1_000, maxStallMs: 100, lagThresholdBytes: 1_048_576, handover: 'dashboard' },
  failover: DEFAULT_FAILOVER,
  tables: [{ id: 0, slots: 1_024 }],
  groups: [],
  ...changes,
});
const changed = lab({
  migration: { holdBudgetMs: 5, maxStallMs: 100, lagThresholdBytes: 0, handover: 'dashboard' },
});

describe('open clusters', () => {
  let connections: ClusterConnections;
  let redactor: Redactor;
  beforeEach(() => {
    redactor = new Redactor();
    connections = new ClusterConnections(redactor);
  });
  afterEach(() => connections.close());

  it('are opened once as long as their definition stays', () => {
    const cluster = connections.open(lab());
    expect(connections.open(lab())).toBe(cluster);
    expect(cluster.node('10.0.0.1:9221')).toBe(cluster.node('10.0.0.1:9221'));
    expect(connections.open(lab({ name: 'other' }))).not.toBe(cluster);
  });

  it('are opened anew when it changes', () => {
    const before = connections.open(lab());
    const after = connections.open(changed);
    expect(after).not.toBe(before);
    expect(after.definition.migration.holdBudgetMs).toBe(5);
    expect(connections.open(changed)).toBe(after);
  });

  it('hide the passwords they were opened with', () => {
    process.env.SPEC_PIKA_AUTH = 'hunter2-pika';
    process.env.SPEC_PRODUCT_AUTH = 'hunter2-product';
    const { router } = lab();
    connections.open(
      lab({
        pika: { auth: { env: 'SPEC_PIKA_AUTH' } },
        router: { ...router, productAuth: { env: 'SPEC_PRODUCT_AUTH' } },
      }),
    );
    expect(redactor.text('hunter2-pika and hunter2-product')).toBe('*** and ***');
  });

  it('have no password where the variable is set to nothing', () => {
    process.env.SPEC_EMPTY = '';
    const definition = lab({ pika: { auth: { env: 'SPEC_EMPTY' } } });
    expect(connections.open(definition).definition).toBe(definition);
  });

  it('are not opened without a password they need, and can be as soon as it is there', () => {
    delete process.env.SPEC_MISSING;
    const definition = lab({ pika: { auth: { env: 'SPEC_MISSING' } } });
    expect(() => connections.open(definition)).toThrow(SecretError);
    process.env.SPEC_MISSING = 'here-now';
    expect(connections.open(definition).definition).toBe(definition);
  });

  describe('with a node that listens', () => {
    let server: Server;
    let sockets: Socket[];
    let address: string;
    beforeEach(async () => {
      sockets = [];
      server = createServer((socket) => {
        sockets.push(socket);
        socket.on('data', () => socket.write('+PONG\r\n')).on('error', () => undefined);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(async () => {
      await connections.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });

    const allClosed = async (): Promise<void> => {
      for (const socket of sockets) if (!socket.closed) await once(socket, 'close');
    };

    it('leave no connection open when they are closed, also of a definition that was replaced', async () => {
      await connections.open(lab()).node(address).ping();
      await connections.open(changed).node(address).ping();
      expect(sockets).toHaveLength(2);
      await connections.close();
      await allClosed();
    });

    it('go on serving whoever still uses the definition that was replaced', async () => {
      const before = connections.open(lab());
      await before.node(address).ping();
      connections.open(changed);
      await before.node(address).ping();
      expect(sockets).toHaveLength(1);
    });
  });
});
