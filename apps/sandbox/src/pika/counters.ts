/** What a node has done since it was made, for experiments and INFO. */
export interface NodeCounters {
  commands: number;
  writes: number;
  /** Writes refused because the slot is a slave's. */
  readOnlyRefusals: number;
  slotsCreated: number;
  slotsDeleted: number;
  /** Most slots created or deleted by one command: data commands waited for all of them. */
  mostSlotsInOneChange: number;
  /** Changes of slots that were refused because another one was under way. */
  busyRefusals: number;
  /** Milliseconds in which data commands were held up by changes of slots. */
  heldUpMs: number;
  /** Full copies given to slaves. */
  copiesServed: number;
  copiesUnderWay: number;
  mostCopiesUnderWay: number;
  /** Most full copies into this node that were asked for at the same time, the running one included. */
  mostCopiesAskedFor: number;
  /** Questions of a Codis dashboard about a slot in migration, and of proxies that hold requests. */
  migrationQuestions: number;
  wrapperQuestions: number;
  crashes: number;
}

export const newCounters = (): NodeCounters => ({
  commands: 0,
  writes: 0,
  readOnlyRefusals: 0,
  slotsCreated: 0,
  slotsDeleted: 0,
  mostSlotsInOneChange: 0,
  busyRefusals: 0,
  heldUpMs: 0,
  copiesServed: 0,
  copiesUnderWay: 0,
  mostCopiesUnderWay: 0,
  mostCopiesAskedFor: 0,
  migrationQuestions: 0,
  wrapperQuestions: 0,
  crashes: 0,
});
