import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { type RebalanceGoal } from '@slotferry/cluster';
import { type CompactMoves, type RebalanceLimits, type StoredPlan } from '@slotferry/migration';
import { Type } from 'class-transformer';
import { IsBoolean, IsDefined, IsOptional, ValidateNested } from 'class-validator';
import { type AnyGoalDto, GoalDto, GOALS } from './goal.dto';
import { LimitsDto } from './limits.dto';

@ApiExtraModels(...Object.values(GOALS))
export class PlanRequestDto {
  @ApiProperty({
    oneOf: Object.values(GOALS).map((goal) => ({ $ref: getSchemaPath(goal) })),
    example: { kind: 'even' },
  })
  @IsDefined()
  @ValidateNested()
  @Type(() => GoalDto, {
    discriminator: {
      property: 'kind',
      subTypes: Object.entries(GOALS).map(([name, value]) => ({ name, value })),
    },
    keepDiscriminatorProperty: true,
  })
  goal!: AnyGoalDto;

  @ApiPropertyOptional({ type: LimitsDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => LimitsDto)
  limits?: LimitsDto;
}

export class CompactMovesDto implements CompactMoves {
  @ApiProperty({ example: 0 })
  table!: number;
  @ApiProperty({ example: 1 })
  from!: number;
  @ApiProperty({ example: 3 })
  to!: number;
  @ApiProperty({ example: '22-31' })
  slots!: string;
}

export class GroupSizeDto {
  @ApiProperty({ description: 'Size now.', example: 734_003_200 })
  before!: number;
  @ApiProperty({ description: 'Size when it is done.', example: 629_145_600 })
  after!: number;
}

export class GroupChangeDto {
  @ApiProperty({ example: 1 })
  group!: number;
  @ApiProperty({ description: 'Slots now.', example: 32 })
  before!: number;
  @ApiProperty({ description: 'Slots when it is done.', example: 22 })
  after!: number;
  @ApiPropertyOptional({
    type: GroupSizeDto,
    description:
      'What the slots of the goal come to, in plans that even out by size: bytes written, or the sizes that were given.',
  })
  size?: GroupSizeDto;
}

export class EstimateDto {
  @ApiProperty({ description: 'Seconds.', example: 8 })
  fastest!: number;
  @ApiProperty({ description: 'Seconds.', example: 31 })
  slowest!: number;
}

export class EffectiveLimitsDto implements RebalanceLimits {
  @ApiProperty({ example: 512 })
  inFlight!: number;
  @ApiProperty({ example: 512 })
  perSource!: number;
  @ApiProperty({ example: 512 })
  perTarget!: number;
  @ApiProperty({ description: 'Full copies from one group at a time.', example: 4 })
  copiesPerSource!: number;
  @ApiProperty({ description: 'Full copies to one group at a time.', example: 8 })
  copiesPerTarget!: number;
  @ApiProperty({ example: 10 })
  maxFailed!: number;
  @ApiPropertyOptional({ type: [String], description: 'Times of day, UTC.', example: ['01:00-06:00'] })
  windows?: readonly string[];
  @ApiPropertyOptional({
    description: 'Slots whose moves are started before all others.',
    example: '10-20,30',
  })
  first?: string;
}

/** What a rebalance would do. Nothing is done before it is executed. */
export class PlanDto implements StoredPlan {
  @ApiProperty({ example: 'pl-mibx2k1q0f3k9v0a2c4e6' })
  id!: string;
  @ApiProperty({ example: 'lab' })
  cluster!: string;
  @ApiProperty({ type: Object, example: { kind: 'even' } })
  goal!: RebalanceGoal;
  @ApiProperty({ type: [CompactMovesDto] })
  moves!: readonly CompactMoves[];
  @ApiProperty({ description: 'Slots that move.', example: 20 })
  count!: number;
  @ApiProperty({ type: [GroupChangeDto] })
  groups!: StoredPlan['groups'];
  @ApiProperty({ type: EstimateDto })
  estimate!: StoredPlan['estimate'];
  @ApiProperty({ description: 'What the speed depends on.', example: 'group 3 takes 20 slots' })
  boundBy!: string;
  @ApiProperty({ type: EffectiveLimitsDto })
  limits!: RebalanceLimits;
  @ApiProperty({ description: 'Over the owners of all slots and the masters of all groups.' })
  topologyHash!: string;
  @ApiProperty({ description: 'Over moves and topology: what executing it approves.' })
  hash!: string;
  @ApiProperty({
    type: Object,
    description: 'The masters, by group, of the groups that take part.',
    example: { '1': '127.0.0.1:9521', '3': '127.0.0.1:9561' },
  })
  masters!: Readonly<Record<string, string>>;
  @ApiProperty({ example: '2026-11-22T10:00:00.000Z' })
  createdAt!: string;
  @ApiProperty({ example: 'operator:admin' })
  createdBy!: string;
  @ApiProperty({ example: '2026-11-23T10:00:00.000Z' })
  expiresAt!: string;
}

export class ExecutePlanDto {
  @ApiPropertyOptional({
    description:
      'Take handovers of these slots that another tool left in the queue of the router out of it, instead of refusing.',
    default: false,
    example: false,
  })
  @IsOptional()
  @IsBoolean()
  adopt?: boolean;
}
