import { type Socket } from 'node:net';

/**
 * Cuts a connection as the death of its process does. A connection that one side has begun to end is only destroyed: a reset then fails
 * inside Node and would leave the handle open for ever.
 */
export function resetSocket(socket: Socket): void {
  if (socket.readableEnded || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
