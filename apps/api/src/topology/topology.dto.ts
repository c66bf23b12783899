import { ApiProperty } from '@nestjs/swagger';
import { ProblemDto } from '../workflows/workflow.dto';

export class TableSlotsDto {
  @ApiProperty({ example: 0 })
  table!: number;
  @ApiProperty({ example: '0-3,8' })
  slots!: string;
  @ApiProperty({ example: 5 })
  count!: number;
}

export class ReplicationDto {
  @ApiProperty({
    type: [TableSlotsDto],
    description: 'Slots of the group that this replica follows closely.',
  })
  attached!: TableSlotsDto[];
  @ApiProperty({ type: [TableSlotsDto], description: 'Attached, but not in sync or far behind.' })
  lagging!: TableSlotsDto[];
  @ApiProperty({
    type: [TableSlotsDto],
    description: 'Slots of the group that this replica does not follow.',
  })
  missing!: TableSlotsDto[];
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Largest lag in bytes, as the master sees it.',
    example: 0,
  })
  maxLagBytes!: number | null;
}

export class NodeDto {
  @ApiProperty({ example: '127.0.0.1:9521' })
  address!: string;
  @ApiProperty({ enum: ['master', 'replica'], description: 'What it is to the router.', example: 'master' })
  role!: 'master' | 'replica';
  @ApiProperty({ description: 'It answered.', example: true })
  reachable!: boolean;
  @ApiProperty({ type: ProblemDto, nullable: true })
  problem!: ProblemDto | null;
  @ApiProperty({ type: String, nullable: true, example: '3.4.1' })
  version!: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 86400 })
  uptimeSeconds!: number | null;
  @ApiProperty({
    type: [TableSlotsDto],
    description: 'Slots that exist on this node, owned by its group or not.',
  })
  holds!: TableSlotsDto[];
  @ApiProperty({
    type: ReplicationDto,
    nullable: true,
    description: 'Of a replica; null for a master, and when it, its master or the router does not answer.',
  })
  replication!: ReplicationDto | null;
}

export class GroupDto {
  @ApiProperty({ example: 1 })
  id!: number;
  @ApiProperty({
    type: [TableSlotsDto],
    nullable: true,
    description: 'Slots it owns; null when the router does not answer.',
  })
  slots!: TableSlotsDto[] | null;
  @ApiProperty({ type: String, nullable: true, example: '127.0.0.1:9521' })
  master!: string | null;
  @ApiProperty({ type: [String], example: ['127.0.0.1:9522'] })
  replicas!: string[];
  @ApiProperty({ example: false })
  promoting!: boolean;
  @ApiProperty({ example: false })
  outOfSync!: boolean;
  @ApiProperty({ type: [NodeDto] })
  nodes!: NodeDto[];
}

export class ProxyDto {
  @ApiProperty({ description: 'Where clients connect.', example: '127.0.0.1:19000' })
  address!: string;
  @ApiProperty({ description: 'Admin address.', example: '127.0.0.1:11080' })
  admin!: string;
  @ApiProperty({ example: true })
  healthy!: boolean;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the router could not use it.',
    example: null,
  })
  problem!: string | null;
}

export class HandoverDto {
  @ApiProperty({ example: 0 })
  table!: number;
  @ApiProperty({ example: 1 })
  slot!: number;
  @ApiProperty({ type: Number, nullable: true, example: 1 })
  from!: number | null;
  @ApiProperty({ example: 3 })
  to!: number;
  @ApiProperty({ enum: ['queued', 'locking', 'holding', 'finishing'], example: 'queued' })
  state!: string;
}

export class RouterDto {
  @ApiProperty({ example: 'http://127.0.0.1:18080' })
  address!: string;
  @ApiProperty({ example: true })
  reachable!: boolean;
  @ApiProperty({ type: ProblemDto, nullable: true })
  problem!: ProblemDto | null;
  @ApiProperty({ description: 'It starts no handover.', example: false })
  handoversDisabled!: boolean;
}

export class UnreachablePartDto extends ProblemDto {
  @ApiProperty({ description: 'What could not be asked.', example: 'node 127.0.0.1:9541' })
  part!: string;
}

export class TopologyDto {
  @ApiProperty({ example: 'lab' })
  cluster!: string;
  @ApiProperty({ example: '2026-11-22T08:00:00.000Z' })
  checkedAt!: string;
  @ApiProperty({ type: RouterDto })
  router!: RouterDto;
  @ApiProperty({ type: [GroupDto] })
  groups!: GroupDto[];
  @ApiProperty({ type: [ProxyDto] })
  proxies!: ProxyDto[];
  @ApiProperty({ type: [HandoverDto], description: 'Handovers that the router has stored.' })
  handovers!: HandoverDto[];
  @ApiProperty({ type: [TableSlotsDto], description: 'Slots that no group owns.' })
  offline!: TableSlotsDto[];
  @ApiProperty({ type: [UnreachablePartDto], description: 'Parts that did not answer.' })
  unreachable!: UnreachablePartDto[];
  @ApiProperty({ type: [String], description: 'How the router differs from the registered definition.' })
  differences!: string[];
}
