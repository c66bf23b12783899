import { RespConnection } from './resp.mjs';

const CALL_LIMIT_MS = 20_000;

/** What a dashboard or proxy answers, read as JSON. */
export async function askHttp(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(CALL_LIMIT_MS) });
  return response.json();
}

/** What a node says about slots, by slot; those it does not hold are missing. All of its slots unless some are named. */
export async function slotsOf({ address }, ...slots) {
  const connection = await RespConnection.open(address);
  try {
    const text = await connection.send('pkcluster', 'info', 'slot', ...slots.map(String));
    const blocks = text.split(/^(?=\(db0:\d+\))/m).filter((block) => block.startsWith('(db0:'));
    return new Map(blocks.map((block) => [Number(/^\(db0:(\d+)\)/.exec(block)[1]), block]));
  } finally {
    connection.close();
  }
}

/** Whether a slot's replica is attached to its master without a lag, both at the same position, by what both say. */
export function isLevel(atMaster = '', atReplica = '', master, replica) {
  return (
    atMaster.includes(`slave[0]: ${replica.address}`) &&
    /^ +lag: 0\r$/m.test(atMaster) &&
    atReplica.includes(`master: ${master.address}`) &&
    positionOf(atMaster) === positionOf(atReplica)
  );
}

export function oneLine(text = '') {
  return text.trim().replace(/\s+/g, ' ') || 'nothing';
}

function positionOf(info) {
  return /binlog_offset=([^,]+),/.exec(info)?.[1] ?? info;
}
