import { ApiProperty } from '@nestjs/swagger';
import { type WorkflowEvent } from '@slotferry/workflow';

export class EventDto {
  @ApiProperty({ example: 'mv-mibx2k1q0f3k9v0a2c4e6' })
  workflowId!: string;
  @ApiProperty({ description: 'Counts from 1 without a gap.', example: 3 })
  version!: number;
  @ApiProperty({ example: 'phase-completed' })
  type!: WorkflowEvent['type'];
  @ApiProperty({ example: '2026-11-22T08:00:00.120Z' })
  at!: string;
  @ApiProperty({
    description: 'operator:…, worker:…, watchdog:…, parent:… or child:…',
    example: 'worker:host-1',
  })
  actor!: string;
  @ApiProperty({
    type: Object,
    description: 'Depends on the type.',
    example: { phase: 'preflight', tookMs: 120 },
  })
  data!: WorkflowEvent['data'];
  @ApiProperty({ description: 'Hash of the event before this one.', example: '5f8d…' })
  prev!: string;
  @ApiProperty({ description: 'SHA-256 over this event and prev.', example: '90ab…' })
  hash!: string;
}

export class EventListDto {
  @ApiProperty({ type: [EventDto] })
  events!: EventDto[];
}

export class ChainFaultDto {
  @ApiProperty({ description: 'The first event that is wrong.', example: 4 })
  version!: number;
  @ApiProperty({ enum: ['gap', 'broken-link', 'changed'], example: 'changed' })
  code!: string;
}

export class VerificationDto {
  @ApiProperty({ example: 'mv-mibx2k1q0f3k9v0a2c4e6' })
  workflowId!: string;
  @ApiProperty({ description: 'Nothing is missing, nothing was changed.', example: true })
  intact!: boolean;
  @ApiProperty({ type: ChainFaultDto, nullable: true, example: null })
  fault!: ChainFaultDto | null;
}
