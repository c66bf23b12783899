export interface ListenAddress {
  readonly host: string;
  /** 0 = any free port; a restart takes the same one again. */
  readonly port: number;
}

/** The last colon separates host and port. */
export function splitAddress(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}
