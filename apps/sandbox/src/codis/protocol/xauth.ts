import { createHash } from 'node:crypto';
import { networkInterfaces } from 'node:os';

/** What stands in the path of a call to the dashboard: it depends on the public product name alone. */
export function dashboardXauth(product: string): string {
  return first16Bytes(`Codis-XAuth-[${product}]`);
}

/** What stands in the path of a call to a proxy. */
export function proxyXauth(product: string, productAuth: string, token: string): string {
  return first16Bytes(`Codis-XAuth-[${product}]-[${productAuth}]-[${token}]`);
}

/** The identity of a dashboard or proxy: the same host and addresses give the same token after a restart. */
export function newToken(...segments: readonly string[]): string {
  const suffix = segments.map((segment) => `-{${segment}}`).join('');
  return createHash('md5').update(`Codis-Token@[${hardwareAddresses()}]${suffix}`).digest('hex');
}

function first16Bytes(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function hardwareAddresses(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return [...new Set(all.map((one) => one.mac))].sort().join(' ');
}
