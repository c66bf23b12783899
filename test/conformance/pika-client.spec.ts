import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { PikaError, type PikaErrorCode, PikaNode, type SlotInfo } from '@slotferry/pika';

/**
 * The typed client against everything that was recorded from real nodes. Each recorded step is asked for by the client and answered
 * by a server that says what was recorded. What the client has a method for goes through the method, and what comes back is
 * compared with an independent reading of the recorded bytes. All else goes through `raw`, for a reason listed here.
 */

interface Step {
  readonly line: number;
  readonly node: string;
  readonly send: string[];
  readonly reply: string;
}

interface Transcript {
  readonly name: string;
  readonly version: string;
  readonly lines: number;
  /** Notes and pauses: lines that ask nothing. */
  readonly remarks: number;
  readonly steps: Step[];
}

/** Asks the step's question with a method of the client and checks the answer. */
type TypedCall = (client: PikaNode, step: Step, version: string) => (() => Promise<void>) | null;

const FOLDER = join(__dirname, 'recordings', 'pika');
const transcripts = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.jsonl'))
  .map(readTranscript);

/** Why a command goes through `raw`. The first that matches counts; one that never matches fails. */
const RAW_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(addslots|delslots) \S+ 0$/, 'the client never names table 0'],
  [
    /^(addslots( x| 3-1)?|info slot (x|0:1|1 2)|slotsslaveof 127\.0\.0\.1 (x 1|\d+ x|\d+ 1 zzz|\d+))$/,
    'malformed on purpose',
  ],
  [/^addtable (x 16|2)$/, 'malformed on purpose'],
  [/^(nonsense 1|info nonsense)?$/, 'no subcommand of Pika'],
  [/^info slot db0:/, 'the client never names table 0'],
  [/^info slot 0-2$/, 'the client asks 3.2.9 for one slot at a time'],
  [/^info table [01]$/, 'the client asks for all tables at once'],
  [/^slotsslaveof no one all$/, 'the client names the slots it detaches'],
  [/^(addtable 1 16|deltable 1)$/, 'the client refuses tables on 3.2.9 by itself, and never deletes any'],
  [
    /^(select|set|get|incr|mset|mget|del|exists|type|ttl|expire|persist|hset|hgetall|lpush|lrange|sadd|smembers|zadd|zrange) /,
    'the client reads keys as fingerprints only, and writes none',
  ],
  [/^(slotshashkey|slotsmgrt-exec-wrapper) /, 'for clients and proxies, not for a control plane'],
  [
    /^(slotsinfo|slotsdel 0|slotsmgrtslot-async .*|slotsmgrt-async-(status|cancel))$/,
    'of the old slot migration, which sharding mode has not',
  ],
  [/^info replication$/, 'tells the role of the node, which is not that of its slots'],
  [
    /^(info (keyspace|stats)|client list|dbsize)$/,
    'figures of the last key scan and of connections, used by nothing',
  ],
  [/^(multi|slaveof no one|role|scan 0|keys \*|nosuchcommand|quit)$/, 'not there in sharding mode'],
  [/^auth x$/, 'sent by the client on its own when it has a password'],
];

/** Error replies as recorded, and what the client must call them. */
const ERROR_CODES: readonly (readonly [RegExp, PikaErrorCode])[] = [
  [/partition : \d+ exist$/, 'slot-exists'],
  [/partition : \d+ not exist$|Slot \d+ not found!$|no such key$|Partition not found$/, 'slot-not-found'],
  [/in syncing$|in k\w+ state$/, 'in-syncing'],
  [/Server in read-only$/, 'read-only'],
  [/table already exist!$/, 'table-exists'],
  [/table not found!$|invalid Table for '(select)?'$/, 'table-not-found'],
  [/out of range$/, 'out-of-range'],
  [/syntax error$|Invalid Argument$|wrong number of arguments for '\w+' command$/, 'syntax'],
  [/You fucked up$|destination address error$/, 'self-attach'],
  [/connect remote node error$/, 'master-unreachable'],
  [/unknown or unsupported command ['"]\S+['"]$|not supported in current configuration$/, 'unsupported'],
  [/no password is set$/, 'refused'],
];

const usedReasons = new Set<RegExp>();
const usedErrors = new Set<RegExp>();

describe.each(transcripts)('the client and the recording $name', (transcript) => {
  const nodes = new Map<string, ReplayNode>();

  beforeAll(async () => {
    for (const { node } of transcript.steps) {
      if (!nodes.has(node)) nodes.set(node, await ReplayNode.start(transcript.version));
    }
  });

  afterAll(async () => {
    for (const node of nodes.values()) await node.stop();
  });

  it.each(transcript.steps.map((step) => [step.line, step.node, step.send.join(' '), step] as const))(
    'line %i: %s %s',
    async (_line, _node, _command, step) => {
      const node = nodes.get(step.node);
      if (!node) throw new Error(`no node ${step.node}`);
      node.expect(step);
      const typed = typedCall(node.client, step, transcript.version);
      await (typed ? typed() : askRaw(node.client, step));
      expect(node.surprises).toEqual([]);
      expect(node.pending).toBeNull();
    },
  );

  it('used every line', () => {
    const answered = [...nodes.values()].reduce((sum, node) => sum + node.answered, 0);
    expect(answered + transcript.remarks).toBe(transcript.lines);
  });
});

describe('the lists of exceptions', () => {
  it('hold nothing that no recording needs', () => {
    expect(RAW_REASONS.filter(([pattern]) => !usedReasons.has(pattern))).toEqual([]);
    expect(ERROR_CODES.filter(([pattern]) => !usedErrors.has(pattern))).toEqual([]);
  });
});

function typedCall(client: PikaNode, step: Step, version: string): (() => Promise<void>) | null {
  const [name = '', ...args] = step.send;
  const words = name.toLowerCase() === 'pkcluster' ? args : step.send;
  const call = TYPED[`${name} ${words === args ? (args[0] ?? '') : ''}`.trim().toLowerCase()];
  return call?.(client, { ...step, send: words }, version) ?? null;
}

/** The methods of the client, by the command they send. Null: not a form the client sends. */
const TYPED: Readonly<Record<string, TypedCall>> = {
  ping: (client, step) => () => answers(step, client.ping(), undefined),
  info: (client, step) =>
    step.send[1] !== 'server'
      ? null
      : () =>
          answers(
            step,
            client.info(),
            expect.objectContaining({
              version: { major: 3, minor: 4, patch: 1, text: fact(step, /pika_version:(\S+)/) },
              port: Number(fact(step, /tcp_port:(\d+)/)),
              uptimeSeconds: Number(fact(step, /uptime_in_seconds:(\d+)/)),
              processId: Number(fact(step, /process_id:(\d+)/)),
            }),
          ),
  config: (client, step) => () =>
    answers(step, client.config(step.send[2] ?? ''), pairValue(decode(step.reply))),
  slotsscan: (client, step) => () => answers(step, client.scanSlot(0, '0', 10), { cursor: '0', keys: [] }),
  'slotsmgrttagslot-async': (client, { send, ...step }) => {
    const [, host, port, , , , slot] = send;
    const expected = step.reply.endsWith(':1\r\n') ? 'attached' : 'finished';
    return () => answers({ ...step, send }, client.migrationState(`${host}:${port}`, Number(slot)), expected);
  },
  'pkcluster info': (client, step, version) => {
    const [, what, list, rest] = step.send;
    if (what?.toLowerCase() === 'table' && !list)
      return () => answers(step, client.tables(), tablesOf(step, version));
    const slots = /^(?:db(?<table>[1-9]\d*):)?(?<slots>\d[\d,-]*)$/.exec(list ?? '')?.groups;
    if (what !== 'slot' || rest || (list && !slots)) return null;
    if (version === '3.2.9' && /[,-]/.test(list ?? '')) return null;
    const asked = slots?.['slots'] === undefined ? undefined : expand(slots['slots']);
    return async () => {
      const found = client.slots(asked, Number(slots?.['table'] ?? 0));
      await answers(
        step,
        found.then((map) => [...map.values()]),
        slotsOf(step),
      );
    };
  },
  'pkcluster addslots': (client, step) =>
    slotChange(step, 1, (slots, table) => client.addSlots(slots, table)),
  'pkcluster delslots': (client, step) =>
    slotChange(step, 1, (slots, table) => client.deleteSlots(slots, table)),
  'pkcluster slotsslaveof': (client, step) => {
    const [, host, port] = step.send;
    const master = `${host}:${port}`;
    if (master === 'no:one') return slotChange(step, 3, (slots, table) => client.detach(slots, table));
    if (!/^\d+$/.test(port ?? '')) return null;
    const plain = { ...step, send: step.send.filter((word) => word !== 'force') };
    return slotChange(plain, 3, (slots, table) =>
      plain.send.length < step.send.length
        ? client.attachWithFullCopy({ master, slots, table })
        : client.attach({ master, slots, table }),
    );
  },
  'pkcluster addtable': (client, step, version) => {
    const [, table, slots] = step.send.map(Number);
    if (version === '3.2.9' || !Number.isInteger(table) || !Number.isInteger(slots)) return null;
    return () => answers(step, client.addTable(table ?? 0, slots ?? 0), undefined);
  },
};

function slotChange(
  step: Step,
  listAt: number,
  change: (slots: number[], table?: number) => Promise<void>,
): (() => Promise<void>) | null {
  const [list = '', table, ...rest] = step.send.slice(listAt);
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list) || expand(list).length === 0 || rest.length > 0) return null;
  if (table !== undefined && !/^[1-9]\d*$/.test(table)) return null;
  return () =>
    answers(step, change(expand(list), table === undefined ? undefined : Number(table)), undefined);
}

async function askRaw(client: PikaNode, step: Step): Promise<void> {
  const command = step.send.join(' ').replace(/^pkcluster ?/i, '');
  const reason = RAW_REASONS.find(([pattern]) => pattern.test(command));
  if (!reason) throw new Error(`No method of the client and no reason listed for: ${step.send.join(' ')}`);
  usedReasons.add(reason[0]);
  await answers(step, client.raw(step.send), decode(step.reply));
}

/** What came back is what was recorded: the value, or an error of the right kind. */
async function answers(step: Step, work: Promise<unknown>, expected: unknown): Promise<void> {
  if (!step.reply.startsWith('-')) {
    expect(await work).toEqual(expected);
    return;
  }
  const text = step.reply.slice(1).trim();
  const known = ERROR_CODES.find(([pattern]) => pattern.test(text));
  if (!known) throw new Error(`No code is listed for the error reply: ${text}`);
  usedErrors.add(known[0]);
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PikaError);
  expect(error).toMatchObject({
    code: known[1],
    outcomeUnknown: known[1] === 'master-unreachable',
    side: text.includes('sync master') ? 'master' : text.includes('sync slave') ? 'slave' : null,
  });
}

function fact({ reply }: Step, pattern: RegExp): string {
  const found = pattern.exec(reply)?.[1];
  if (found === undefined) throw new Error(`the recorded reply lacks ${pattern.source}`);
  return found;
}

function pairValue(reply: unknown): unknown {
  return Array.isArray(reply) ? (reply[1] ?? null) : undefined;
}

function tablesOf({ reply }: Step, version: string): unknown[] {
  if (version === '3.2.9') return [{ table: 0, slots: 1024, load: null }];
  return [...reply.matchAll(/table_id: (\d+)\r\n {2}partition_num: (\d+)/g)].map(([, table, slots]) => ({
    table: Number(table),
    slots: Number(slots),
    load: { qps: 0, writeQps: 0, readQps: 0 },
  }));
}

function slotsOf({ reply }: Step): SlotInfo[] {
  return reply
    .split(/(?=\(db)/)
    .slice(1)
    .map((block) => {
      const [, table, slot, file, offset] = (
        /^\(db(\d+):(\d+)\) binlog_offset=(\d+) (\d+),/.exec(block) ?? []
      ).map(Number);
      const master = /^ {2}master: (.+)\r$/m.exec(block)?.[1];
      return {
        table,
        slot,
        position: { file, offset },
        safetyPurge: null,
        slaves: [
          ...block.matchAll(/slave\[\d\]: (\S+)\r\n {2}replication_status: (\S+)\r\n {2}lag: (\d+)/g),
        ].map(([, address, status, lag]) => ({ address, status, lag: Number(lag) })),
        following: master ? { master, status: /slave status: (\S+)/.exec(block)?.[1] ?? null } : null,
      } as SlotInfo;
    });
}

function expand(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first = NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
}

/** Reads one reply, counting bytes as the protocol says. */
function decode(reply: string): unknown {
  const [value, rest] = decodeAt(reply);
  expect(rest).toBe('');
  return value;
}

function decodeAt(text: string): [unknown, string] {
  const end = text.indexOf('\r\n');
  const head = text.slice(1, end);
  const rest = text.slice(end + 2);
  if (text.startsWith('+') || text.startsWith('-')) return [head, rest];
  if (text.startsWith(':')) return [Number(head), rest];
  if (text.startsWith('$')) {
    const length = Number(head);
    return length < 0 ? [null, rest] : [rest.slice(0, length), rest.slice(length + 2)];
  }
  const items: unknown[] = [];
  let remaining = rest;
  for (let index = 0; index < Number(head); index++) {
    const [item, after] = decodeAt(remaining);
    items.push(item);
    remaining = after;
  }
  return [items, remaining];
}

/** Ports stand in the recordings as names; lengths of strings count four digits. */
function readTranscript(name: string): Transcript {
  const text = readFileSync(join(FOLDER, name), 'utf8').replace(/\{pika(\d)\.port\}/g, '922$1');
  const lines = text.split('\n').filter((line) => line !== '');
  const records = lines.map((line, index) => ({ line: index + 1, ...(JSON.parse(line) as Partial<Step>) }));
  const steps = records
    .filter((record): record is Step => record.send !== undefined)
    .map((step) => ({ ...step, reply: withLengthOfShortenedPath(step.reply) }));
  return {
    name,
    version: name.split('-')[0] ?? '',
    lines: lines.length,
    remarks: records.filter((record) => 'note' in record || 'sleep' in record).length,
    steps,
  };
}

/** The only reply that was edited after recording: its path of the configuration file is shorter than the length in front counts. */
function withLengthOfShortenedPath(reply: string): string {
  if (!reply.includes('\r\nconfig_file:')) return reply;
  const text = reply.slice(reply.indexOf('\r\n') + 2, -2);
  return `$${text.length}\r\n${text}\r\n`;
}

/** One recorded node: says what the present step recorded, when it is asked what the step recorded. */
class ReplayNode {
  pending: Step | null = null;
  answered = 0;
  surprises: string[][] = [];
  readonly client: PikaNode;
  private readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    private readonly version: string,
  ) {
    server.on('connection', (socket) => this.accept(socket));
    this.client = new PikaNode({ address: `127.0.0.1:${(server.address() as AddressInfo).port}` });
  }

  static async start(version: string): Promise<ReplayNode> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ReplayNode(server, version);
  }

  expect(step: Step): void {
    this.pending = step;
    this.surprises = [];
  }

  async stop(): Promise<void> {
    await this.client.close();
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(socket: Socket): void {
    this.sockets.push(socket);
    socket.on('error', () => socket.destroy());
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      while (isComplete(received)) {
        const [request, rest] = decodeAt(received);
        received = rest;
        socket.write(this.replyTo(request as string[]));
      }
    });
  }

  private replyTo(request: string[]): string {
    if (this.pending && canonical(request) === canonical(this.pending.send)) {
      const { reply } = this.pending;
      this.pending = null;
      this.answered += 1;
      return reply;
    }
    const own = this.ownQuestion(canonical(request));
    if (own === null) this.surprises.push(request);
    return own ?? '-ERR not recorded\r\n';
  }

  /** What the client asks of its own: the version, where commands differ by it, and what 3.2.9 does not say about tables. */
  private ownQuestion(command: string): string | null {
    if (command === 'info server') {
      const text = `pika_version:${this.version}\r\nprocess_id:1\r\ntcp_port:9221\r\nuptime_in_seconds:1\r\n`;
      return `$${text.length}\r\n${text}\r\n`;
    }
    const slots = '*2\r\n$16\r\ndefault-slot-num\r\n$4\r\n1024\r\n';
    return command === 'config get default-slot-num' && this.version === '3.2.9' ? slots : null;
  }
}

/** The same for requests that mean the same: case of words, ways to write a list of slots, the size of a page. */
function canonical(request: string[]): string {
  const [name = '', ...args] = request;
  const cased = /^(pkcluster|config|info)$/i.test(name) ? args.map((word) => word.toLowerCase()) : args;
  const meant = cased.map((word) =>
    /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(word) && !/^\d+$/.test(word) ? expand(word).join() : word,
  );
  return [name.toLowerCase(), ...meant].join(' ').replace(/^(slotsscan .*) COUNT \d+$/, '$1');
}

function isComplete(text: string): boolean {
  const count = Number(/^\*(\d+)\r\n/.exec(text)?.[1] ?? NaN);
  let at = text.indexOf('\r\n') + 2;
  for (let index = 0; index < count; index++) {
    const head = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (!head) return false;
    at += head[0].length + Number(head[1]) + 2;
  }
  return text.length >= at && count >= 0;
}
