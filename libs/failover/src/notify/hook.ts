import type { Message } from './message';

/** How one try at a hook ended. */
export interface HookAnswer {
  readonly ok: boolean;
  /** The reason it gave for refusing, or null. */
  readonly veto: string | null;
  /** For people. */
  readonly answer: string;
  /** Another try may end otherwise. */
  readonly worthAnotherTry: boolean;
}

/** One place that news go to. */
export interface Hook {
  /** Its number in the cluster file and where it goes; never a path, a query or an argument, which may hold a secret. */
  readonly name: string;
  readonly when: 'before' | 'after';
  /** One try; never throws, and ends within its limit. */
  call(message: Message): Promise<HookAnswer>;
}
