import { showProgress, usualNote } from './progress.mjs';

const LIMIT_MS = 600_000;
const TELL_EVERY_MS = 5_000;
const BAR_WIDTH = 16;

/** A rebalance from its plan to its end. */
export class Rebalance {
  #api;

  /** Has a plan made, which changes nothing. */
  static async plan(api, cluster, goal) {
    return new Rebalance(api, await api.post(`/clusters/${cluster}/plans`, { goal }));
  }

  constructor(api, plan) {
    this.#api = api;
    this.plan = plan;
  }

  /** Executes the plan, shows how it goes, and gives what it told on the way. Throws ScriptError when it needs an operator. */
  async execute() {
    const { id } = await this.#api.post(`/plans/${this.plan.id}/execute`);
    const told = {
      prepare: 'pika5 and pika6 have an empty slot for each that comes',
      move: 'every slot handed over, each by a move of its own',
      settle: 'the dashboard is in step with its proxies, no unused copy is left',
    };
    const history = [];
    const noteOf = (event) => {
      const progress = event.type === 'fact-recorded' ? event.data.facts.progress : undefined;
      if (event.type === 'command-issued') return event.data.action;
      if (progress === undefined) return event.data.code === 'moving' ? null : usualNote(event);
      history.push({ at: Date.parse(event.at), ...progress });
      return describe(progress);
    };
    const { tookMs, times } = await showProgress(this.#api.events(id, LIMIT_MS), told, {
      noteOf,
      tellEveryMs: TELL_EVERY_MS,
    });
    const { facts } = await this.#api.get(`/workflows/${id}`);
    return { id, tookMs, times, history, progress: facts.progress };
  }
}

/** The most telling first: narrow terminals show the beginning. */
function describe({
  total,
  moved,
  moving,
  waiting,
  stuck,
  ratePerSecond,
  etaSeconds,
  boundBy,
  pace,
  paceBecause,
}) {
  const full = Math.floor((moved / total) * BAR_WIDTH);
  return [
    `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${moved} of ${total}`,
    ...(stuck > 0 ? [`${stuck} STUCK`] : []),
    `${moving} moving`,
    `${waiting} waiting`,
    ...(ratePerSecond === null ? [] : [`${ratePerSecond.toFixed(1)}/s, ${etaSeconds} s left`]),
    ...(boundBy === 'nothing-left' ? [] : [`bound by ${boundBy}`]),
    ...(pace < 1 ? [`pace ${Math.round(pace * 100)}% (${paceBecause})`] : []),
  ].join(', ');
}
