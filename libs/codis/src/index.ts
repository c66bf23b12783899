export { type FilledSlot } from './answers/filled-slot';
export { CodisDashboard, type CodisDashboardOptions } from './codis-dashboard';
export { CodisError, type CodisErrorCode } from './codis.errors';
export { CodisProxyAdmin, type ProxyKey, type ProxyLook } from './codis-proxy-admin';
export { type CodisLimits } from './http/codis-http';
export { dashboardXAuth, proxyXAuth } from './xauth';
