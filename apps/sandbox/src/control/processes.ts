import { type PikaNode } from '../pika';
import { type Faulty, type FaultyProcess, type ProcessAction, PROCESS_ACTIONS } from '../process-fault';
import { nodeNamed, notFound } from './find';
import { type ControlHandler } from './handler';

const NODE_ACTIONS: Readonly<Record<string, (node: PikaNode) => Promise<void> | void>> = {
  crash: (node) => node.crash(),
  restart: (node) => node.restart(),
  freeze: (node) => node.freeze(),
  thaw: (node) => node.thaw(),
  'fill-disk': (node) => void (node.isDiskFull = true),
  'free-disk': (node) => void (node.isDiskFull = false),
  'hold-replication': (node) => void (node.holdsReplication = true),
  'release-replication': (node) => void (node.holdsReplication = false),
};

/** POST /nodes/:name/:action */
export const changeNode: ControlHandler = async (sandbox, { parameters }) => {
  const node = nodeNamed(sandbox, parameters['name']);
  const action = NODE_ACTIONS[parameters['action'] ?? ''];
  if (!action)
    throw notFound(`A node cannot ${JSON.stringify(parameters['action'])}`, Object.keys(NODE_ACTIONS));
  await action(node);
  return { name: node.name, condition: node.condition };
};

/** POST /proxies/:name/:action */
export const changeProxy: ControlHandler = async ({ proxies }, { parameters }) => {
  const proxy = proxies.get(parameters['name'] ?? '');
  if (!proxy) throw notFound(`There is no proxy ${JSON.stringify(parameters['name'])}`, [...proxies.keys()]);
  return apply(proxy, parameters['action']);
};

/** POST /dashboard/:action */
export const changeDashboard: ControlHandler = ({ dashboard }, { parameters }) =>
  apply(dashboard, parameters['action']);

async function apply(process: FaultyProcess<Faulty>, name: string | undefined): Promise<unknown> {
  const action = PROCESS_ACTIONS.find((known): known is ProcessAction => known === name);
  if (!action) throw notFound(`${process.name} cannot ${JSON.stringify(name)}`, PROCESS_ACTIONS);
  await process.apply(action);
  return { name: process.name, condition: process.condition };
}
