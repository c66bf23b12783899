import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { limitRanges, type RebalanceLimits } from '@slotferry/migration';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** How hard a rebalance may go at the cluster. What is not given stays as it is. */
export class LimitsDto implements Partial<RebalanceLimits> {
  @Limit('inFlight', 'Moves on the way at a time, in all.', 16)
  inFlight?: number;

  @Limit('perSource', 'Of these, so many from one group.', 8)
  perSource?: number;

  @Limit('perTarget', 'Of these, so many to one group.', 16)
  perTarget?: number;

  @Limit('maxFailed', 'Moves that may be stuck before nothing new is started.', 10)
  maxFailed?: number;
}

/** The limits that a request names. */
export function givenLimits({
  inFlight,
  perSource,
  perTarget,
  maxFailed,
}: LimitsDto): Partial<RebalanceLimits> {
  const all = { inFlight, perSource, perTarget, maxFailed };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function Limit(name: keyof RebalanceLimits, description: string, example: number): PropertyDecorator {
  const [minimum, maximum] = limitRanges[name];
  return applyDecorators(
    ApiPropertyOptional({ type: Number, description, minimum, maximum, example }),
    IsOptional(),
    IsInt(),
    Min(minimum),
    Max(maximum),
  );
}
