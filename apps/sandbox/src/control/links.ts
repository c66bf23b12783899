import { isIPv4 } from 'node:net';
import { type PikaNode } from '../pika';
import { nodeNamed, notFound } from './find';
import { positive } from './costs';
import { type ControlHandler } from './handler';

/**
 * POST /links {from, to, action: cut | restore | slow, delayMs, bytesPerSecond}: both directions of the link between two nodes. `from` can
 * also be the address of a host that is no node, such as 127.0.0.11: that of clients or of whoever watches; it can be cut and restored.
 */
export const changeLink: ControlHandler = (sandbox, { body }) => {
  if (typeof body['from'] === 'string' && isIPv4(body['from']))
    return changeHostLink(body['from'], nodeNamed(sandbox, body['to']), body['action']);
  const from = nodeNamed(sandbox, body['from']);
  const to = nodeNamed(sandbox, body['to']);
  const link = sandbox.network.link(from.address, to.address);
  switch (body['action']) {
    case 'cut':
      link.sever();
      break;
    case 'restore':
      link.restore();
      break;
    case 'slow':
      link.slow(
        positive('delayMs', body['delayMs']),
        body['bytesPerSecond'] === undefined ? Infinity : positive('bytesPerSecond', body['bytesPerSecond']),
      );
      break;
    default:
      throw notFound(`A link cannot ${JSON.stringify(body['action'])}`, ['cut', 'restore', 'slow']);
  }
  return { from: from.name, to: to.name, isCut: link.isCut, delayMs: link.delayMs };
};

function changeHostLink(host: string, to: PikaNode, action: unknown): object {
  if (action === 'cut') to.sever(host);
  else if (action === 'restore') to.restore(host);
  else throw notFound(`The link of a host cannot ${JSON.stringify(action)}`, ['cut', 'restore']);
  return { from: host, to: to.name, isCut: action === 'cut' };
}
