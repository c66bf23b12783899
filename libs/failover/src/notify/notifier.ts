import type { FailoverNews } from './news';

/** What became of the call of one hook; plain JSON, to be recorded. */
export type Delivery = {
  /** Which hook: its number in the cluster file and where it goes, without anything that may be secret. */
  readonly hook: string;
  readonly ok: boolean;
  /** How it answered, for people. */
  readonly answer: string;
  readonly tries: number;
  /** From the first try to the end of the last one. */
  readonly tookMs: number;
};

/** What the hooks that may refuse said. */
export type BeforeAnswer = {
  /** Why nothing should be done, by the words of the hooks; null: go on. */
  readonly veto: string | null;
  readonly deliveries: readonly Delivery[];
};

/** Tells the hooks of an operator what happens. Never throws: a hook that fails is a delivery that is not `ok`. */
export interface Notifier {
  /** Asks all hooks marked `before` at the same time; ends within the limit of one call. Only an answer can veto, silence cannot. */
  before(news: FailoverNews): Promise<BeforeAnswer>;
  /** Tells all hooks marked `after`, again where one fails; ends within three times the limit of one call and the pauses between. */
  after(news: FailoverNews): Promise<readonly Delivery[]>;
}
