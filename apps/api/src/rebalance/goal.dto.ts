import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { defaultTolerance, toleranceRange } from '@slotferry/cluster';
import { IsIn, IsInt, IsNumber, IsObject, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsSlotSizes } from './slot-sizes';

const KINDS = ['even', 'even-by-written', 'even-by-sizes', 'drain', 'slots', 'undo'] as const;
const [leastTolerance, mostTolerance] = toleranceRange;

/** What is wanted. The kind says which other fields there are. */
export class GoalDto {
  @ApiProperty({ enum: KINDS, example: 'even' })
  @IsIn(KINDS)
  kind!: (typeof KINDS)[number];
}

/** What all ways of evening out have in common. */
abstract class SharesDto extends GoalDto {
  @ApiPropertyOptional({
    type: Object,
    description: 'Shares of groups, 0 to 1000. A group that is not named has 1; 0 empties it.',
    example: { '1': 1, '3': 2 },
  })
  @IsOptional()
  @IsObject()
  weights?: Record<string, number>;
}

/** As many slots for every group. */
export class EvenGoalDto extends SharesDto {
  declare kind: 'even';
}

abstract class SharesBySizeDto extends SharesDto {
  @ApiPropertyOptional({
    description: 'How far a group may be from its share, as a part of it: 0.05 is 5 %.',
    minimum: leastTolerance,
    maximum: mostTolerance,
    default: defaultTolerance,
    example: defaultTolerance,
  })
  @IsOptional()
  @IsNumber()
  @Min(leastTolerance)
  @Max(mostTolerance)
  tolerance?: number;
}

/**
 * As many bytes for every group, by what was written to each slot so far. Masters are asked where the binlog of each slot ends: that
 * counts every write, also of what was overwritten or deleted since, and not what is stored.
 */
export class EvenByWrittenGoalDto extends SharesBySizeDto {
  declare kind: 'even-by-written';

  @ApiPropertyOptional({
    description: 'Only the slots of this table; of all tables when left out.',
    example: 0,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  table?: number;
}

/** As much for every group of whatever the caller has measured. */
export class EvenBySizesGoalDto extends SharesBySizeDto {
  declare kind: 'even-by-sizes';

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'number', minimum: 0 },
    description:
      'Size by slot: keys, bytes or operations a second. Every slot of the table that a group owns needs one, 0 where it is empty.',
    example: { '0': 123, '1': 99 },
  })
  @IsSlotSizes()
  sizes!: Record<string, number>;

  @ApiPropertyOptional({
    description: 'Table of these slots. Slots of other tables do not move.',
    default: 0,
    example: 0,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  table?: number;
}

export class DrainGoalDto extends GoalDto {
  declare kind: 'drain';

  @ApiProperty({ description: 'Group to be emptied; the others take its slots.', example: 2 })
  @IsInt()
  @Min(1)
  @Max(9_999)
  group!: number;
}

export class SlotsGoalDto extends GoalDto {
  declare kind: 'slots';

  @ApiProperty({ description: 'Slots and ranges of slots.', example: '0-29' })
  @IsString()
  @MaxLength(10_000)
  slots!: string;

  @ApiPropertyOptional({ description: 'Table of the slots.', default: 0, example: 0 })
  @IsOptional()
  @IsInt()
  @Min(0)
  table?: number;

  @ApiProperty({ description: 'Group that is to own the slots.', example: 3 })
  @IsInt()
  @Min(1)
  @Max(9_999)
  to!: number;
}

export class UndoGoalDto extends GoalDto {
  declare kind: 'undo';

  @ApiProperty({
    description: 'An earlier rebalance. Its moves are taken back as far as they still stand.',
    example: 'rb-mibx2k1q0f3k9v0a2c4e6',
  })
  @IsString()
  @MaxLength(100)
  workflow!: string;
}

export type AnyGoalDto =
  EvenGoalDto | EvenByWrittenGoalDto | EvenBySizesGoalDto | DrainGoalDto | SlotsGoalDto | UndoGoalDto;

export const GOALS = {
  even: EvenGoalDto,
  'even-by-written': EvenByWrittenGoalDto,
  'even-by-sizes': EvenBySizesGoalDto,
  drain: DrainGoalDto,
  slots: SlotsGoalDto,
  undo: UndoGoalDto,
} as const satisfies Record<(typeof KINDS)[number], unknown>;
