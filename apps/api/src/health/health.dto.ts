import { ApiProperty } from '@nestjs/swagger';

export class HealthDto {
  @ApiProperty({ example: 'ok' })
  status!: string;
}

export class ReadinessDto {
  @ApiProperty({ example: 'ready' })
  status!: string;
  @ApiProperty({ type: [String], description: 'What could not be found out about Redis.', example: [] })
  warnings!: string[];
}
