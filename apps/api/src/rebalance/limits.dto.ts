import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { limitRanges, maxWindows, type RebalanceLimits, windowProblem } from '@slotferry/migration';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateBy,
  type ValidationArguments,
} from 'class-validator';

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

  @ApiPropertyOptional({
    type: [String],
    description:
      'Times of day, UTC. Outside of them nothing is started and nothing handed over. An empty list: always.',
    example: ['01:00-06:00'],
    maxItems: maxWindows,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(maxWindows)
  @IsString({ each: true })
  @IsWindow()
  windows?: string[];
}

/** The limits that a request names. */
export function givenLimits({
  inFlight,
  perSource,
  perTarget,
  maxFailed,
  windows,
}: LimitsDto): Partial<RebalanceLimits> {
  const all = { inFlight, perSource, perTarget, maxFailed, windows };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function Limit(name: keyof typeof limitRanges, description: string, example: number): PropertyDecorator {
  const [minimum, maximum] = limitRanges[name];
  return applyDecorators(
    ApiPropertyOptional({ type: Number, description, minimum, maximum, example }),
    IsOptional(),
    IsInt(),
    Min(minimum),
    Max(maximum),
  );
}

function IsWindow(): PropertyDecorator {
  const validator = {
    validate: (value: unknown) => typeof value === 'string' && windowProblem(value) === null,
    defaultMessage: (given?: ValidationArguments) => messageOf(given?.value),
  };
  return ValidateBy({ name: 'isWindow', validator }, { each: true });
}

function messageOf(value: unknown): string {
  const texts = Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  const problem = texts.map(windowProblem).find((one) => one !== null);
  return problem ?? 'a window is a time of day from and to, as 01:00-06:00';
}
