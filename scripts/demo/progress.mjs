import { ScriptError } from '../processes.mjs';

const REDRAW_MS = 100;
const NAME_WIDTH = 18;
const TIME_WIDTH = 9;

/**
 * Follows a workflow to its end, one line for each of its phases. At a terminal the line of the present phase shows what it waits
 * for; elsewhere a line is written when its phase is over, and in long phases every `tellEveryMs`. `told` says what a phase is about,
 * `noteOf` what an event means for people.
 * Throws ScriptError when the workflow needs an operator.
 */
export async function showProgress(
  events,
  told,
  { noteOf = usualNote, tellEveryMs = Infinity, out = process.stdout } = {},
) {
  const live = new LiveLine(out, tellEveryMs);
  const times = [];
  try {
    for await (const event of events) {
      const { type, data } = event;
      // A phase that sends nothing is first heard of when it waits.
      if (type === 'attempt-started' || type === 'phase-waited') live.enter(data.phase, told[data.phase]);
      const note = noteOf(event);
      if (note !== null) live.note(note);
      if (type === 'phase-completed') {
        live.leave(line(data.phase, data.tookMs, told[data.phase]));
        times.push({ phase: data.phase, ms: data.tookMs });
      }
      if (type === 'phase-blocked' || type === 'phase-failed') throw needsOperator(data);
      if (type === 'workflow-completed') return { tookMs: data.tookMs, times };
      if (type === 'workflow-cancelled')
        throw new ScriptError('The workflow was cancelled.', 'Run the demo again.');
    }
  } finally {
    live.clear();
  }
  throw new ScriptError('The workflow stopped telling what it does.', 'Run the demo again.');
}

/** What is told of an event, or null where there is nothing to tell. */
export function usualNote({ type, data }) {
  if (type === 'phase-waited') return data.message;
  if (type === 'attempt-failed') return data.problem.message;
  if (type === 'step-completed') return `${data.step} is done`;
  return null;
}

/** The line that is written over while a phase is under way; where that cannot be done, a new one now and then. */
class LiveLine {
  #out;
  #phase = null;
  #about = '';
  #since = 0;
  #toldAt = 0;
  #tellEveryMs;
  #timer;

  constructor(out, tellEveryMs) {
    this.#out = out;
    this.#tellEveryMs = tellEveryMs;
    if (out.isTTY) this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  enter(phase, about = '') {
    if (phase === this.#phase) return;
    [this.#phase, this.#about, this.#since] = [phase, about, Date.now()];
    this.#toldAt = this.#since;
    this.#draw();
  }

  note(text) {
    this.#about = text;
    if (this.#out.isTTY) this.#draw();
    else this.#tell();
  }

  leave(text) {
    this.#wipe();
    this.#phase = null;
    this.#out.write(`${text}\n`);
  }

  clear() {
    clearInterval(this.#timer);
    this.#wipe();
  }

  #tell() {
    if (this.#phase === null || Date.now() - this.#toldAt < this.#tellEveryMs) return;
    this.#toldAt = Date.now();
    this.#out.write(`${line(this.#phase, this.#toldAt - this.#since, this.#about)}\n`);
  }

  #draw() {
    if (!this.#out.isTTY || this.#phase === null) return;
    const text = line(this.#phase, Date.now() - this.#since, this.#about);
    this.#wipe();
    this.#out.write(text.slice(0, (this.#out.columns ?? 80) - 1));
  }

  #wipe() {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }
}

function line(phase, ms, about = '') {
  return `  ${phase.padEnd(NAME_WIDTH)}${`${ms} ms`.padStart(TIME_WIDTH)}   ${about}`;
}

function needsOperator({ phase, problem }) {
  return new ScriptError(`${phase} stopped (${problem.code}): ${problem.message}`, problem.remedy);
}
