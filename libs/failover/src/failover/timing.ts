/** Limits and pauses of a failover, in milliseconds. All that comes before clients are served again is meant to take less than 250. */
export const timing = {
  /** One look at a node: a node that hangs must not delay the others any longer. */
  nodeLook: 300,
  /** The dead master is asked once more, so long. */
  masterProbe: 250,
  /** Proxies are asked whether they reach it, each so long. */
  clientWitness: 200,
  /** Between two looks while somebody still reaches a master that most workers miss. */
  stillReached: 500,
  /** The master is asked again before the point of no return when the last answer is older. */
  probeFresh: 1_000,
  /** Between two looks that show whether positions still move. */
  surveyGap: 3,
  /** A dashboard that does not answer within it counts as away: a hung proxy can make it stand still for 60 s. */
  routerLook: 1_000,
  /** Whether the process of a proxy answers. */
  proxyPing: 300,
  /** How long the dashboard may take to have its own opinion of a proxy that hangs: it looks once a second, for a second at most. */
  proxyOpinion: 2_500,
  /** Requests on their way to a silent master end by the proxies' own limit (`backend_recv_timeout`, 30 s by default). */
  drainLimit: 40_000,
  /** All routes of one proxy. */
  proxyRoutes: 2_000,
  /** Workflows that hold clients are waited for so long: longer than any hold. */
  parkLimit: 5_000,
  /** The winner may take so long to fetch what another copy has more. */
  convergeLimit: 2_000,
  /** Detached slots have to say so within it. */
  detachLimit: 1_000,
  /** Looks at sources that are under way have to end. */
  executorLimit: 3_000,
  /** Other replicas may take so long to say that they follow the new master; then the watch looks after them. */
  reattachLimit: 10_000,
  /** Between two looks inside of an attempt. */
  hotPoll: 5,
  /** Between two attempts while clients wait. */
  retry: 200,
  /** While an operator is waited for. */
  recheck: 1_000,
  /** A hook that refused is asked again. */
  askAgain: 30_000,
  /** A removed proxy that is away is looked for so often. */
  proxyAway: 1_000,
  /** At least and at most so long is a removed proxy looked for; the group's next failover has to wait meanwhile. */
  proxyAwayLeast: 30_000,
  proxyAwayMost: 600_000,
} as const;
