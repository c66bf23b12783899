import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  firstProblem,
  limitRanges,
  maxWindows,
  type RebalanceLimits,
  windowProblem,
} from '@slotferry/migration';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  type ValidationArguments,
} from 'class-validator';

/** Longest list of slots that go first, in characters. */
const maxFirstLength = 10_000;

/** How hard a rebalance may go at the cluster, and what goes first. What is not given stays as it is. */
export class LimitsDto implements Partial<RebalanceLimits> {
  @Limit('inFlight', 'Moves on the way at a time, in all.', 512)
  inFlight?: number;

  @Limit('perSource', 'Of these, so many from one group.', 512)
  perSource?: number;

  @Limit('perTarget', 'Of these, so many to one group.', 512)
  perTarget?: number;

  @Limit(
    'copiesPerSource',
    'Of those from one group, so many may cost its master a full copy of the slot at the same time.',
    4,
  )
  copiesPerSource?: number;

  @Limit('copiesPerTarget', 'Of those to one group, so many may be copied in full at the same time.', 8)
  copiesPerTarget?: number;

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

  @ApiPropertyOptional({
    description:
      'Slots whose moves are started before all others: slots and ranges of table 0, or of another table as `1/10-20`. An empty text: none.',
    example: '10-20,30',
    maxLength: maxFirstLength,
  })
  @IsOptional()
  @IsString()
  @MaxLength(maxFirstLength)
  @IsFirst()
  first?: string;
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

function IsFirst(): PropertyDecorator {
  const problemOf = (value: unknown): string | null =>
    typeof value === 'string' ? firstProblem(value) : null;
  const validator = {
    validate: (value: unknown) => problemOf(value) === null,
    defaultMessage: (given?: ValidationArguments) => problemOf(given?.value) ?? '',
  };
  return ValidateBy({ name: 'isFirst', validator });
}

function messageOf(value: unknown): string {
  const texts = Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  const problem = texts.map(windowProblem).find((one) => one !== null);
  return problem ?? 'a window is a time of day from and to, as 01:00-06:00';
}
