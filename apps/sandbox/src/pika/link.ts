import { type Costs } from './costs';

/** What lies between two nodes. */
export class Link {
  private cut = false;
  private slowness: number | undefined;
  private bytesPerSecond = Infinity;

  constructor(private readonly costs: Costs) {}

  get isCut(): boolean {
    return this.cut;
  }

  /** Milliseconds that a message takes. */
  get delayMs(): number {
    return this.slowness ?? this.costs.of('replication');
  }

  /** Bytes of binlog that may pass in a second. */
  get bandwidth(): number {
    return this.bytesPerSecond;
  }

  /** Nothing passes any more, in neither direction. */
  sever(): void {
    this.cut = true;
  }

  /** As at the beginning: whole, at its usual pace. */
  restore(): void {
    this.cut = false;
    this.slowness = undefined;
    this.bytesPerSecond = Infinity;
  }

  slow(delayMs: number, bytesPerSecond = Infinity): void {
    this.slowness = delayMs;
    this.bytesPerSecond = bytesPerSecond;
  }
}
