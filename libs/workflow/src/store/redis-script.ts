import type { Redis } from 'ioredis';

type Argument = string | number;
type Caller<Reply> = ((...args: Argument[]) => Promise<Reply>) | undefined;

/**
 * A Lua script that Redis is sent once per connection and called by its hash from then on: sending and hashing some kilobytes
 * with every call costs more than running them. A Redis that has forgotten it is sent it again, then behind what was sent meanwhile.
 */
export class RedisScript<Reply> {
  constructor(
    /** Unique among the scripts of a connection. */
    private readonly name: string,
    private readonly lua: string,
    private readonly numberOfKeys: number,
  ) {}

  /** Runs it once; its keys come first among the arguments. */
  run(redis: Redis, ...args: readonly Argument[]): Promise<Reply> {
    const callers = redis as unknown as Record<string, Caller<Reply>>;
    if (callers[this.name] === undefined)
      redis.defineCommand(this.name, { lua: this.lua, numberOfKeys: this.numberOfKeys });
    const call = callers[this.name];
    if (call === undefined) throw new Error(`the script ${this.name} cannot be called`);
    return call.apply(redis, [...args]);
  }
}
