/** Gives out ports one after the other, or 0, "any free one", when there is no first port. */
export class Ports {
  constructor(private nextPort: number) {}

  next(): number {
    if (this.nextPort === 0) return 0;
    this.nextPort += 1;
    return this.nextPort - 1;
  }
}
