import { Dashboard, type DashboardOptions } from './dashboard/dashboard';

export { Coordinator } from './dashboard/coordinator';
export { Dashboard, type DashboardOptions } from './dashboard/dashboard';
export { type DashboardTimings, REAL_TIMINGS } from './dashboard/timings';

/** Starts a Codis dashboard. */
export function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  return Dashboard.start(options);
}
