import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ClusterConnections } from '@slotferry/inventory';
import { Clusters } from '../clusters/clusters';
import { ErrorAnswers } from '../docs/error-answers';
import { readTopology } from './read-topology';
import { TopologyDto } from './topology.dto';

@ApiTags('clusters')
@Controller('clusters')
export class TopologyController {
  constructor(
    private readonly clusters: Clusters,
    private readonly open: ClusterConnections,
  ) {}

  @Get(':name/topology')
  @ApiOperation({
    summary: 'The cluster as it is now: router, groups, nodes, proxies. What does not answer is named.',
  })
  @ApiOkResponse({ type: TopologyDto })
  @ErrorAnswers(404)
  async topology(@Param('name') name: string): Promise<TopologyDto> {
    const { definition } = await this.clusters.get(name);
    return readTopology(this.open.open(definition));
  }
}
