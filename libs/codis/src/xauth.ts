import { createHash } from 'node:crypto';

/** The key of a dashboard's API. It follows from the product name alone; `product_auth` is no part of it. */
export function dashboardXAuth(product: string): string {
  return key(`Codis-XAuth-[${product}]`);
}

/** The key of a proxy's API. */
export function proxyXAuth(product: string, productAuth: string, token: string): string {
  return key(`Codis-XAuth-[${product}]-[${productAuth}]-[${token}]`);
}

/** Codis takes the first 16 of the 32 bytes. */
function key(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
