/** A reply in RESP2, the protocol of Redis, Pika and the Codis proxy. `data` and `items` are null for the two null replies. */
export type RespValue =
  | { readonly type: 'simple'; readonly text: string }
  | { readonly type: 'error'; readonly text: string }
  | { readonly type: 'integer'; readonly value: number | bigint }
  | { readonly type: 'bulk'; readonly data: Buffer | null }
  | { readonly type: 'array'; readonly items: readonly RespValue[] | null };

/** `+text` */
export const simple = (text: string): RespValue => ({ type: 'simple', text });

/** `-text`; the text begins with its class, for example `ERR syntax error`. */
export const failure = (text: string): RespValue => ({ type: 'error', text });

/** `:value` */
export const integer = (value: number | bigint): RespValue => ({ type: 'integer', value });

/** `$length` and the bytes; text is sent as UTF-8. */
export const bulk = (data: string | Buffer | null): RespValue => ({
  type: 'bulk',
  data: typeof data === 'string' ? Buffer.from(data) : data,
});

/** `*count` and the items. */
export const array = (items: readonly RespValue[] | null): RespValue => ({ type: 'array', items });

export const OK = simple('OK');
export const NULL_BULK = bulk(null);
