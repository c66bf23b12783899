import { Dashboard, type DashboardOptions } from './dashboard/dashboard';
import { type ProxyOptions, SandboxProxy } from './proxy/proxy';

export { Coordinator } from './dashboard/coordinator';
export { Dashboard, type DashboardOptions } from './dashboard/dashboard';
export { type DashboardTimings } from './dashboard/timings';
export { type ProxyOptions, SandboxProxy } from './proxy/proxy';

/** Starts a Codis dashboard. */
export function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  return Dashboard.start(options);
}

/** Starts a Codis proxy. */
export function startProxy(options: ProxyOptions): Promise<SandboxProxy> {
  return SandboxProxy.start(options);
}
