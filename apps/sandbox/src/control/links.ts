import { nodeNamed, notFound } from './find';
import { positive } from './costs';
import { type ControlHandler } from './handler';

/** POST /links {from, to, action: cut | restore | slow, delayMs, bytesPerSecond}: both directions of the link between two nodes. */
export const changeLink: ControlHandler = (sandbox, { body }) => {
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
