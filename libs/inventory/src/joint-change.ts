import type { SendGate } from '@slotferry/cluster';

/** Sends one change for all keys, each of which is there once. Calls the gate right before bytes leave, once for each message. */
export type SendTogether<K> = (keys: readonly K[], gate: SendGate) => Promise<void>;

export interface JointOptions {
  /** Does the error say that nothing at all was changed? Then each key is sent by itself, so that one does not fail the others. */
  readonly isRefusal: (error: unknown) => boolean;
  /** More keys than this are sent by several changes, one after the other; as many as come when left out. */
  readonly most?: number;
  /** What the others are told when one of them lost the right to act after a part was sent. */
  readonly brokenOff: () => Error;
}

/**
 * Lets callers who ask for the same kind of change in the same turn of the event loop send it as one, each under its own gate.
 * Who has lost the right to act is left out before anything leaves. A change that is refused as a whole is sent for each by itself.
 */
export class JointChange<K> {
  private gathering: Member<K>[] | null = null;

  constructor(
    private readonly sendTogether: SendTogether<K>,
    private readonly options: JointOptions,
  ) {}

  /** Rejects with what the gate threw, or with the error of the change. */
  change(key: K, gate: SendGate = open): Promise<void> {
    return new Promise((resolve, reject) => {
      const member = { key, gate, resolve, reject };
      if (this.gathering) {
        this.gathering.push(member);
        return;
      }
      const gathered = [member];
      this.gathering = gathered;
      setImmediate(() => {
        this.gathering = null;
        void this.sendInParts(gathered);
      });
    });
  }

  private async sendInParts(members: readonly Member<K>[]): Promise<void> {
    const { most = members.length } = this.options;
    for (let sent = 0; sent < members.length; sent += most) await this.send(members.slice(sent, sent + most));
  }

  private async send(members: readonly Member<K>[]): Promise<void> {
    const gate = new JointGate(members, this.options.brokenOff);
    try {
      await this.sendTogether([...new Set(members.map(({ key }) => key))], () => gate.pass());
      for (const one of members) one.resolve();
    } catch (error) {
      await this.failed(members, gate, error);
    }
  }

  private async failed(members: readonly Member<K>[], gate: JointGate<K>, error: unknown): Promise<void> {
    const { shutOut } = gate;
    for (const [member, reason] of shutOut) member.reject(reason);
    const rest = members.filter((one) => !shutOut.has(one));
    if (rest.length === 0) return;
    if (!gate.anythingSent && shutOut.size > 0) return this.send(rest);
    if (rest.length > 1 && this.options.isRefusal(error)) {
      await Promise.all(rest.map((one) => this.send([one])));
      return;
    }
    for (const one of rest) one.reject(error);
  }
}

interface Member<K> {
  readonly key: K;
  readonly gate: SendGate;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** The gates of all members as one. A change of several messages passes it once for each. */
class JointGate<K> {
  /** Members whose gate threw, and what. */
  readonly shutOut = new Map<Member<K>, unknown>();
  anythingSent = false;

  constructor(
    private readonly members: readonly Member<K>[],
    private readonly brokenOff: () => Error,
  ) {}

  pass(): void {
    for (const member of this.members) {
      try {
        member.gate();
      } catch (error) {
        this.shutOut.set(member, error);
      }
    }
    if (this.shutOut.size > 0) throw this.brokenOff();
    this.anythingSent = true;
  }
}

const open: SendGate = () => undefined;
