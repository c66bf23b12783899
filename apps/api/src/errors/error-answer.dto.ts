import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** One of several problems. */
export class ListedProblemDto {
  @ApiProperty({ example: 'NODE_REPEATED' })
  code!: string;
  @ApiProperty({ example: 'Node 127.0.0.1:9521 is in group 1 and in group 3' })
  message!: string;
  @ApiProperty({ example: 'A node belongs to one group: name it there, once.' })
  remedy!: string;
  @ApiPropertyOptional({ description: 'Line of the file, from 1.', example: 12 })
  line?: number;
  @ApiPropertyOptional({ description: 'Column of the line, from 1.', example: 9 })
  column?: number;
  @ApiPropertyOptional({ example: 'groups[1].nodes[0]' })
  path?: string;
}

/** The body of every answer that is an error. */
export class ErrorAnswerDto {
  @ApiProperty({ description: 'Stable, for programs.', example: 'resource-held' })
  code!: string;
  @ApiProperty({
    description: 'What happened.',
    example: 'slot lab/0/1 is held by workflow mv-mibx2k1q0f3k9v0a2c4e6',
  })
  message!: string;
  @ApiProperty({ description: 'What to do.', example: 'Wait until it ends, or cancel it.' })
  remedy!: string;
  @ApiPropertyOptional({
    description: 'Of a failure on our side: look for it in the log of the API.',
    example: 'err-mibx2k1q0f3k9v0a2c4e6',
  })
  errorId?: string;
  @ApiPropertyOptional({
    type: [ListedProblemDto],
    description: 'Everything that is wrong, where it is more than one thing.',
  })
  problems?: ListedProblemDto[];
}
