import { newId, SlotferryError } from '@slotferry/platform';
import type { Redis } from 'ioredis';
import { defaultRebalanceLimits } from './limits';
import type { RebalancePlan } from './plan';

export interface StoredPlan extends RebalancePlan {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string;
}

/** There is no such plan, or its time is over. */
export class PlanNotFound extends SlotferryError {
  constructor(id: string) {
    super({
      code: 'plan-not-found',
      message: `there is no plan ${id}; plans are kept for ${lifetimeHours} hours`,
      remedy: 'Plan anew: slotferry rebalance --cluster <name> --even --dry-run',
    });
  }
}

const lifetimeHours = 24;

/** Plans that wait for somebody's yes, kept in Redis for a day. */
export class PlanStore {
  constructor(
    private readonly redis: Redis,
    private readonly namespace: string,
  ) {}

  async save(plan: RebalancePlan, createdBy: string): Promise<StoredPlan> {
    const now = Date.now();
    const stored: StoredPlan = {
      ...plan,
      id: newId('pl'),
      createdAt: new Date(now).toISOString(),
      createdBy,
      expiresAt: new Date(now + lifetimeHours * 3_600_000).toISOString(),
    };
    await this.redis.set(this.key(stored.id), JSON.stringify(stored), 'EX', lifetimeHours * 3_600);
    return stored;
  }

  /** Throws PlanNotFound. */
  async get(id: string): Promise<StoredPlan> {
    const text = await this.redis.get(this.key(id));
    if (text === null) throw new PlanNotFound(id);
    const stored = JSON.parse(text) as StoredPlan;
    // One that was stored before a limit was known lacks it.
    return { ...stored, limits: { ...defaultRebalanceLimits, ...stored.limits } };
  }

  private key(id: string): string {
    return `{${this.namespace}}:plan:${id}`;
  }
}
