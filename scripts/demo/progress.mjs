import { ScriptError } from '../processes.mjs';

const REDRAW_MS = 100;
const NAME_WIDTH = 18;
const TIME_WIDTH = 9;

/**
 * Follows a workflow to its end, one line for each of its phases. At a terminal the line of the present phase shows what it waits
 * for; elsewhere a line is written when its phase is over. `told` says what a phase is about.
 * Throws ScriptError when the workflow needs an operator.
 */
export async function showProgress(events, told, out = process.stdout) {
  const live = new LiveLine(out);
  const times = [];
  try {
    for await (const { type, data } of events) {
      if (type === 'attempt-started') live.enter(data.phase, told[data.phase]);
      if (type === 'phase-waited') live.note(data.message);
      if (type === 'attempt-failed') live.note(data.problem.message);
      if (type === 'step-completed') live.note(`${data.step} is done`);
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

/** The line that is written over while a phase is under way. Does nothing where lines cannot be written over. */
class LiveLine {
  #out;
  #phase = null;
  #about = '';
  #since = 0;
  #timer;

  constructor(out) {
    this.#out = out;
    if (out.isTTY) this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  enter(phase, about = '') {
    if (phase === this.#phase) return;
    [this.#phase, this.#about, this.#since] = [phase, about, Date.now()];
    this.#draw();
  }

  note(text) {
    this.#about = text;
    this.#draw();
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
