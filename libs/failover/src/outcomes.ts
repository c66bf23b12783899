import { CodisError } from '@slotferry/codis';
import { PikaError } from '@slotferry/pika';
import { SecretError } from '@slotferry/platform';
import { blocked, type Outcome, wait } from '@slotferry/workflow';

/** Pause before a peer that does not answer is asked again, in milliseconds. */
const peerPollMs = 1_000;
/** Pause before a block that can end by itself is looked at again, in milliseconds. */
const recheckMs = 5_000;

/** A block with its parts named. */
export function block(code: string, message: string, remedy: string, unblock = 'operator'): Outcome {
  return blocked({ code, message, remedy }, unblock, recheckMs);
}

/**
 * Runs what may meet a node or router that is away, busy or refuses us, and turns that into the outcome it means: a wait that
 * names the peer, or a block that says what to set right. Everything else rises.
 */
export async function tolerant(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PikaError) return pikaOutcome(error);
    if (error instanceof CodisError) return codisOutcome(error);
    if (error instanceof SecretError) return block(error.code, error.message, error.remedy);
    throw error;
  }
}

function pikaOutcome(error: PikaError): Outcome {
  switch (error.code) {
    case 'unreachable':
    case 'timed-out':
    case 'closed':
      return wait('node-unreachable', `${error.node}: ${error.message}`, peerPollMs);
    case 'busy':
      return wait('node-busy', `${error.node} is at work on another change of its slots`, 300);
    case 'in-syncing':
      return wait('slot-in-syncing', error.message, 300);
    case 'auth-failed':
    case 'auth-required':
      return block(error.code, error.message, error.remedy);
    case 'master-unreachable':
      return wait('master-unreachable', error.message, peerPollMs);
    default:
      throw error;
  }
}

function codisOutcome(error: CodisError): Outcome {
  switch (error.code) {
    case 'unreachable':
    case 'timed-out':
    case 'connection-lost':
    case 'not-online':
    case 'store-failed':
      return wait('router-unreachable', error.message, peerPollMs);
    case 'proxy-failed':
    case 'proxy-unreachable':
    case 'proxy-hung':
      return wait('proxy-unhealthy', error.message, peerPollMs);
    case 'promoting':
      return wait('group-promoting', error.message, peerPollMs);
    case 'wrong-product':
    case 'xauth-refused':
    case 'not-codis':
      return block(error.code, error.message, error.remedy);
    default:
      throw error;
  }
}
