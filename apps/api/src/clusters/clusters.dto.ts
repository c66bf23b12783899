import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { type ClusterDefinition } from '@slotferry/cluster';

const FILE_EXAMPLE = `name: lab
router:
  kind: codis
  dashboard: http://127.0.0.1:18080
  product: lab
groups:
  - { id: 1, nodes: ["127.0.0.1:9521", "127.0.0.1:9522"], slots: "0-511" }
  - { id: 2, nodes: ["127.0.0.1:9531", "127.0.0.1:9532"], slots: "512-1023" }
`;

export class ApplyClusterDto {
  @ApiProperty({ description: 'The cluster file, as YAML text.', example: FILE_EXAMPLE })
  @IsString()
  @MaxLength(900_000)
  file!: string;

  @ApiProperty({ description: 'Name of the file, for messages.', example: 'cluster.yaml' })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  fileName!: string;
}

export class ClusterDto {
  @ApiProperty({
    type: Object,
    description: 'The definition: defaults filled in, units converted; says where secrets are, holds none.',
    example: { name: 'lab', tables: [{ id: 0, slots: 1024 }] },
  })
  definition!: ClusterDefinition;
  @ApiProperty({ description: 'Counts from 1 with every change.', example: 1 })
  version!: number;
  @ApiProperty({ example: '2026-11-22T08:00:00.000Z' })
  savedAt!: string;
  @ApiProperty({ example: 'operator:admin' })
  savedBy!: string;
  @ApiPropertyOptional({
    enum: ['created', 'changed', 'unchanged'],
    description: 'What applying the file did.',
  })
  change?: string;
}

export class ClusterListDto {
  @ApiProperty({ type: [ClusterDto] })
  clusters!: ClusterDto[];
}
