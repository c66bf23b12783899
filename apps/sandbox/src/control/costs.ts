import { SandboxError } from '../errors';
import { type Speed } from '../pika';
import { type ControlHandler } from './handler';

/** PUT /costs {speed, peerTimeoutMs}: either or both. */
export const changeCosts: ControlHandler = ({ costs }, { body }) => {
  const { speed, peerTimeoutMs } = body;
  const newSpeed = speed === undefined ? costs.speed : speedOf(speed);
  const newTimeout =
    peerTimeoutMs === undefined ? costs.peerTimeoutMs : positive('peerTimeoutMs', peerTimeoutMs);
  costs.speed = newSpeed;
  costs.peerTimeoutMs = newTimeout;
  return { speed: costs.speed, peerTimeoutMs: costs.peerTimeoutMs };
};

function speedOf(value: unknown): Speed {
  return value === 'real' || value === 'zero' ? value : positive('speed', value);
}

/** @throws SandboxError unless it is a number above 0 */
export function positive(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw new SandboxError(
    'SANDBOX_BAD_REQUEST',
    `${name} is not a number above 0: ${JSON.stringify(value)}`,
    name === 'speed'
      ? 'Give "real", "zero", or how many times faster.'
      : 'Give milliseconds, for example 1000.',
  );
}
