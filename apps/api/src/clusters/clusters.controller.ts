import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { parseClusterFile } from '@slotferry/cluster';
import { ErrorAnswers } from '../docs/error-answers';
import { ClusterNameMismatch } from './cluster-name-mismatch';
import { Clusters } from './clusters';
import { ApplyClusterDto, ClusterDto, ClusterListDto } from './clusters.dto';

@ApiTags('clusters')
@Controller('clusters')
export class ClustersController {
  constructor(private readonly clusters: Clusters) {}

  @Put(':name')
  @ApiOperation({
    summary: 'Register a cluster from its file, or change it. The same file again changes nothing.',
  })
  @ApiOkResponse({ type: ClusterDto })
  @ErrorAnswers(400, 422)
  async apply(@Param('name') name: string, @Body() { file, fileName }: ApplyClusterDto): Promise<ClusterDto> {
    const definition = parseClusterFile(file, fileName);
    if (definition.name !== name) throw new ClusterNameMismatch(fileName, definition.name, name);
    return this.clusters.apply(definition);
  }

  @Get()
  @ApiOperation({ summary: 'All registered clusters, by name.' })
  @ApiOkResponse({ type: ClusterListDto })
  @ErrorAnswers()
  async list(): Promise<ClusterListDto> {
    return { clusters: await this.clusters.list() };
  }

  @Get(':name')
  @ApiOperation({ summary: 'A cluster as it was registered.' })
  @ApiOkResponse({ type: ClusterDto })
  @ErrorAnswers(404)
  get(@Param('name') name: string): Promise<ClusterDto> {
    return this.clusters.get(name);
  }
}
