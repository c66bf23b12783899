import { type FailoverLab } from './failover-lab';
import { type FailoverProcess } from './failover-process';
import { type GateMoment, type GateVerdict, RedisGate } from './redis-gate';
import { type Trap } from './trap';

const springLimitMs = 20_000;

/** Failover workers that talk to Redis through gates of the test. Whoever is lost is replaced by one of a new name. */
export class GatedCrew {
  private readonly gates = new Map<FailoverProcess, RedisGate>();

  private constructor(
    private readonly lab: FailoverLab,
    private readonly size: number,
  ) {}

  /** For a lab that was started without workers. */
  static async start(lab: FailoverLab, size: number): Promise<GatedCrew> {
    const crew = new GatedCrew(lab, size);
    await crew.refill();
    return crew;
  }

  /** Starts as many as are missing; resolves when they watch. */
  async refill(): Promise<void> {
    for (const [worker, gate] of this.gates) {
      if (worker.alive) continue;
      this.gates.delete(worker);
      await gate.close();
    }
    await Promise.all(Array.from({ length: this.size - this.gates.size }, () => this.hire()));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.gates.values()].map((gate) => gate.close()));
  }

  /** Strikes once, when a worker tells the log that it is through with this phase of a failover. */
  strikeAt(
    phase: string,
    moment: GateMoment,
    strike: (worker: FailoverProcess) => GateVerdict | Promise<GateVerdict>,
  ): Trap {
    const is = (said: string): boolean => saysThrough(said, phase);
    let timer: NodeJS.Timeout | undefined;
    const disarm = (): void => {
      for (const gate of this.gates.values()) gate.watch = undefined;
    };
    const sprung = new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => {
        disarm();
        reject(new Error(`nobody was through with ${phase} within ${springLimitMs} ms`));
      }, springLimitMs);
      for (const [worker, gate] of this.gates) {
        gate.watch = {
          moment,
          is,
          strike: async () => {
            disarm();
            const verdict = await strike(worker);
            resolve();
            return verdict;
          },
        };
      }
    }).finally(() => clearTimeout(timer));
    sprung.catch(() => undefined); // Whoever awaits it is told; a test that failed earlier never does.
    return { sprung };
  }

  private async hire(): Promise<void> {
    const gate = await RedisGate.start(this.lab.lab.redis.port);
    const worker = await this.lab.hire({ SLOTFERRY_REDIS_URL: gate.url });
    this.gates.set(worker, gate);
  }
}

/** The event of the log, in an append to the log of a failover: the workflow's id is an argument of the script. */
function saysThrough(said: string, phase: string): boolean {
  const at = said.lastIndexOf(`{"phase":"${phase}","tookMs":`);
  if (at < 0) return false;
  const [append] = said
    .slice(0, at)
    .split(/\r\neval(?:sha)?\r\n/i)
    .slice(-1);
  return append?.includes('\r\nfo-') === true;
}
