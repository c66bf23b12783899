import { PikaError, type PikaErrorCode } from './pika.errors';

interface Kind {
  readonly pattern: RegExp;
  readonly code: PikaErrorCode;
  readonly remedy: string;
  readonly side?: 'master' | 'slave';
  /** Only for commands with such a name. */
  readonly command?: RegExp;
  /** The node stopped half way: some slots may have been changed. */
  readonly partial?: true;
}

/** Error replies of Pika 3.2.9, 3.3.6 and 3.4.1. The first that matches counts. */
const KINDS: readonly Kind[] = [
  {
    pattern: /change operation is under way/i,
    code: 'busy',
    remedy: 'Another slot or table is being changed on this node; wait until that is done and try again.',
  },
  {
    pattern: /NOAUTH/i,
    code: 'auth-required',
    remedy: "Configure the node's requirepass as its password (userpass may not be enough).",
  },
  {
    pattern: /invalid password|WRONGPASS/i,
    code: 'auth-failed',
    remedy: "Configure the node's requirepass as its password.",
  },
  {
    pattern: /partition :? ?\d+ (already )?exist/i,
    code: 'slot-exists',
    remedy: 'The node holds this slot already; nothing was created. Ask for the missing slots only.',
  },
  {
    pattern: /partition :? ?\d+ not (exist|found)|^Slot \d+ not found|^Partition not found/i,
    code: 'slot-not-found',
    remedy: 'Read which slots the node holds and name only those.',
  },
  {
    pattern: /^no such key/i,
    command: /^slots/i,
    code: 'slot-not-found',
    remedy: 'Read which slots the node holds and name only those.',
  },
  {
    pattern: /sync master partition .* in syncing/i,
    code: 'in-syncing',
    side: 'master',
    remedy: 'Detach the slaves of the slot first; a dead slave stays listed for about 20 s.',
  },
  {
    pattern: /sync slave partition .* in \w+ state/i,
    code: 'in-syncing',
    side: 'slave',
    remedy: 'Detach the slot from its master first.',
  },
  {
    pattern: /read-only/i,
    code: 'read-only',
    remedy: 'The slot follows a master on another node: write there.',
  },
  {
    pattern: /table already exist/i,
    code: 'table-exists',
    remedy: 'Use the table that is there, after checking its number of slots.',
  },
  {
    pattern: /table not found|invalid Table/i,
    code: 'table-not-found',
    remedy: 'Create the table on this node, or name one that it has.',
  },
  {
    pattern: /out of range/i,
    code: 'out-of-range',
    remedy: 'Use numbers within the range of the table (slots start at 0).',
  },
  {
    pattern: /You fucked up|destination address error/i,
    code: 'self-attach',
    remedy: 'Name another node.',
  },
  {
    pattern: /connect remote node error/i,
    code: 'master-unreachable',
    partial: true,
    remedy:
      'Read the state of every slot named: some may be detached already, and writable. Then attach them again.',
  },
  {
    pattern: /syntax error|Invalid Argument|wrong number of arguments|Slots set empty/i,
    code: 'syntax',
    remedy:
      'This version of Pika does not take the command in this form; check the version and the arguments.',
  },
  {
    pattern: /unknown (or unsupported )?command|not supported in current configuration/i,
    code: 'unsupported',
    remedy: 'Check that the node is Pika 3.2.9, 3.3 or 3.4 and runs with instance-mode sharding.',
  },
];

const UNKNOWN_KIND: Omit<Kind, 'pattern'> = {
  code: 'refused',
  remedy: "Look into the node's log for the reason.",
};

/**
 * Gives an error reply of Pika a type.
 * @param text the error reply without the leading `-`
 * @param command the command it answers, as `describeCommand` prints it
 * @param changing true when the command could change something
 */
export function refusal(node: string, command: string, text: string, changing: boolean): PikaError {
  const message = text.replace(/^err(or)?\s+/i, '').replace(/^Corruption: /, '');
  const kind =
    KINDS.find((known) => known.pattern.test(message) && (known.command?.test(command) ?? true)) ??
    UNKNOWN_KIND;
  return new PikaError({
    code: kind.code,
    node,
    command,
    message: `Pika ${node} refused ${command}: ${message.slice(0, 200)}`,
    remedy: kind.remedy,
    side: kind.side,
    outcomeUnknown: changing && kind.partial === true,
  });
}
