import { type RebalanceProgress } from '@slotferry/migration';
import { type WorkflowEvent } from '@slotferry/workflow';
import { showProgress } from '../print/event';
import { showBar, showRebalanceProgress } from '../print/rebalance-progress';
import { stamp } from './stamp';
import { type Teller } from './teller';

/** Where it is told. */
interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\u001b[K';

/** A bar below the lines on a terminal; a line whenever numbers change anywhere else. */
export function tellRebalance(screen: Screen): Teller {
  return screen.isTTY ? new Bar(screen) : new Lines(screen);
}

class Lines implements Teller {
  private last = '';

  constructor(private readonly screen: Screen) {}

  event(label: string, event: WorkflowEvent): void {
    const progress = progressIn(event);
    const line = progress ? this.unlessTold(progress) : lineOf(event);
    if (line !== null) this.screen.write(`${stamp(event, label, line)}\n`);
  }

  end(): void {
    this.last = '';
  }

  private unlessTold(progress: RebalanceProgress): string | null {
    const line = showRebalanceProgress(progress);
    if (line === this.last) return null;
    this.last = line;
    return line;
  }
}

class Bar implements Teller {
  private progress: RebalanceProgress | null = null;

  constructor(private readonly screen: Screen) {}

  event(label: string, event: WorkflowEvent): void {
    const progress = progressIn(event);
    if (progress) this.progress = progress;
    const line = progress ? null : lineOf(event);
    if (!progress && line === null) return;
    this.screen.write(`${CLEAR_LINE}${line === null ? '' : `${stamp(event, label, line)}\n`}${this.bar()}`);
  }

  end(): void {
    if (this.progress) this.screen.write('\n');
    this.progress = null;
  }

  /** Cut at the edge of the screen: a line that wraps cannot be drawn over. */
  private bar(): string {
    if (!this.progress) return '';
    const { columns = 0 } = this.screen;
    return showBar(this.progress).slice(0, (columns > 0 ? columns : 80) - 1);
  }
}

function progressIn({ type, data }: WorkflowEvent): RebalanceProgress | null {
  if (type !== 'fact-recorded') return null;
  return (data.facts.progress as RebalanceProgress | undefined) ?? null;
}

/** Single moves come and go by the thousand, and what is waited for stands in the progress: told is what is out of the ordinary. */
function lineOf(event: WorkflowEvent): string | null {
  if (event.type === 'child-started') return null;
  if (event.type === 'child-ended' && event.data.status === 'completed') return null;
  if (event.type === 'phase-waited' && event.data.code === 'moving') return null;
  return showProgress(event);
}
