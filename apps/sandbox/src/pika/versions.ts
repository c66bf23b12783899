import { type SlotHash, slotOfKey, slotOfWholeKey } from '@slotferry/cluster';

export const PIKA_VERSIONS = ['3.4.1', '3.3.6', '3.2.9'] as const;
export type PikaVersion = (typeof PIKA_VERSIONS)[number];

/** In what the versions of Pika differ, as recorded. */
export interface Dialect {
  readonly version: PikaVersion;
  readonly slotOf: SlotHash;
  /** The error for a command that does not exist, without the dash. */
  readonly unknownCommand: (name: string) => string;
  /** Tables, and lists of slots in PKCLUSTER INFO SLOT. */
  readonly hasTables: boolean;
  /** A role for every slot and the state of a slave in PKCLUSTER INFO SLOT. */
  readonly printsStates: boolean;
  /** A full copy of a slot that the master does not hold ends the master's process. */
  readonly diesOfForeignCopy: boolean;
  /** SLOTSMGRTTAGSLOT-ASYNC of a slot that is not held is an error; otherwise it says "nothing left". */
  readonly refusesForeignMigration: boolean;
  /** SLAVEOF is refused in sharding mode. */
  readonly refusesSlaveof: boolean;
}

/** The dialect of a version. */
export function dialectOf(version: PikaVersion): Dialect {
  return DIALECTS[version];
}

const RECENT: Dialect = {
  version: '3.4.1',
  slotOf: slotOfKey,
  unknownCommand: (name) => `ERR unknown or unsupported command "${name}"`,
  hasTables: true,
  printsStates: true,
  diesOfForeignCopy: true,
  refusesForeignMigration: true,
  refusesSlaveof: true,
};

const DIALECTS: Record<PikaVersion, Dialect> = {
  '3.4.1': RECENT,
  '3.3.6': {
    ...RECENT,
    version: '3.3.6',
    unknownCommand: (name) => `ERR unknown or unsupported command '${name}"`,
  },
  '3.2.9': {
    version: '3.2.9',
    slotOf: slotOfWholeKey,
    unknownCommand: (name) => `Err unknown or unsupported command '${name}'`,
    hasTables: false,
    printsStates: false,
    diesOfForeignCopy: false,
    refusesForeignMigration: false,
    refusesSlaveof: false,
  },
};
