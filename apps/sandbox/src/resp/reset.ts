import { type Socket } from 'node:net';

/**
 * Ends a connection as a killed process would: with a reset. A socket whose end was sent already is closed plainly: Node cannot reset it
 * any more, and would keep its handle for ever.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
