import { createHmac } from 'node:crypto';

/** Value of `X-Slotferry-Signature`: HMAC-SHA256 over the bytes of the body. */
export function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
