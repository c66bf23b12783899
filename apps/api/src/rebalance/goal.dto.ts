import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsObject, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const KINDS = ['even', 'drain', 'slots', 'undo'] as const;

/** What is wanted. The kind says which other fields there are. */
export class GoalDto {
  @ApiProperty({ enum: KINDS, example: 'even' })
  @IsIn(KINDS)
  kind!: (typeof KINDS)[number];
}

export class EvenGoalDto extends GoalDto {
  declare kind: 'even';

  @ApiPropertyOptional({
    type: Object,
    description: 'Shares of groups, 0 to 1000. A group that is not named has 1; 0 empties it.',
    example: { '1': 1, '3': 2 },
  })
  @IsOptional()
  @IsObject()
  weights?: Record<string, number>;
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

export type AnyGoalDto = EvenGoalDto | DrainGoalDto | SlotsGoalDto | UndoGoalDto;

export const GOALS = {
  even: EvenGoalDto,
  drain: DrainGoalDto,
  slots: SlotsGoalDto,
  undo: UndoGoalDto,
} as const satisfies Record<(typeof KINDS)[number], unknown>;
