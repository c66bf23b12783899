/** Where a node is and how long to wait for it. */
export interface Endpoint {
  /** `host:port`, also the node's name in messages. */
  readonly address: string;
  readonly host: string;
  readonly port: number;
  readonly password: string | null;
  /** Address of this machine to connect from; null for the one the system chooses. */
  readonly sourceAddress: string | null;
  /** Limit of the way to a TCP connection, in ms. */
  readonly connectTimeoutMs: number;
  /** Limit of the way from a command to its reply, in ms. */
  readonly commandTimeoutMs: number;
}
