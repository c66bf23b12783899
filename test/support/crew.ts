import { type Lab } from './lab';
import { MigratorProcess } from './migrator-process';

/** Migrators of one lab. Whoever is lost is replaced by one of a new name. */
export class Crew {
  private members: MigratorProcess[] = [];
  private hired = 0;

  private constructor(
    private readonly lab: Lab,
    private readonly size: number,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** `settings`: variables of the migrators where they differ from the usual ones. */
  static async start(lab: Lab, size: number, settings: Readonly<Record<string, string>> = {}): Promise<Crew> {
    const crew = new Crew(lab, size, settings);
    await crew.refill();
    return crew;
  }

  /** Starts as many as are missing; resolves when they take work. */
  async refill(): Promise<void> {
    this.members = this.members.filter(({ alive }) => alive);
    const missing = Array.from(
      { length: this.size - this.members.length },
      () => `worker${(this.hired += 1)}`,
    );
    const started = await Promise.all(
      missing.map((name) => MigratorProcess.start(this.lab.redis.url, name, this.settings)),
    );
    this.members.push(...started);
  }

  /** Who began the present attempt at a workflow, by its log. */
  async actingOn(id: string): Promise<MigratorProcess> {
    const events = await this.lab.engine.history(id);
    const names = events.flatMap((event) => (event.type === 'attempt-started' ? [event.data.worker] : []));
    const acting = this.members.find(({ name }) => name === names.at(-1));
    if (!acting) throw new Error(`nobody of this crew acts on ${id}, the last one was ${names.at(-1)}`);
    return acting;
  }

  /** SIGKILL for whoever acts on the workflow. What it had sent is dropped. */
  async killActing(id: string): Promise<'drop'> {
    await (await this.actingOn(id)).kill();
    return 'drop';
  }

  /** SIGKILL for everybody. What they had sent is dropped. */
  async killAll(): Promise<'drop'> {
    await Promise.all(this.members.map((member) => member.kill()));
    return 'drop';
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
  }
}
