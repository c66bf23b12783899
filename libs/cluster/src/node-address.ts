import { ClusterError } from './errors';

/** Where a node listens. An IPv6 host is kept without its brackets. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** A text that is no `host:port`. */
export class NodeAddressError extends ClusterError {
  readonly code = 'ADDRESS_INVALID';

  constructor(text: string, reason: string) {
    super(
      `${quoted(text)} is not an address: ${reason}`,
      'Write host:port, for example 10.0.0.5:9221, node-1.example.org:9221 or [2001:db8::5]:9221.',
    );
  }
}

const ADDRESS = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:[\]]*)$/;
const PORT = /^[1-9]\d{0,4}$/;
const IPV4_PART = /^(?:0|[1-9]\d{0,2})$/;
const NAME_LABEL = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/;

/**
 * Reads `host:port`, where host is an IPv4 address, a host name, or an IPv6 address in brackets.
 * @throws NodeAddressError
 */
export function parseAddress(text: string): NodeAddress {
  const match = ADDRESS.exec(text);
  if (!match) throw new NodeAddressError(text, missingPartOf(text));
  const [, ipv6, plainHost = '', port = ''] = match;
  if (!PORT.test(port) || Number(port) > 65_535) {
    throw new NodeAddressError(text, 'a port is a number from 1 to 65535');
  }
  if (ipv6 !== undefined && !isIpv6(ipv6)) {
    throw new NodeAddressError(text, 'there is no IPv6 address in the brackets');
  }
  if (ipv6 === undefined && !isIpv4OrName(plainHost)) {
    throw new NodeAddressError(text, 'the host is neither an IPv4 address nor a host name');
  }
  return { host: ipv6 ?? plainHost, port: Number(port) };
}

/** The reverse of `parseAddress`. */
export function formatAddress({ host, port }: NodeAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What has an @ may be an address with a password before it, which is not repeated. */
function quoted(text: string): string {
  return text.includes('@') ? 'A text with an @' : JSON.stringify(text.slice(0, 80));
}

function missingPartOf(text: string): string {
  if (!text.includes(':')) return 'it has no port';
  return text.split(':').length > 2 ? 'an IPv6 host needs brackets' : 'it has brackets in the wrong place';
}

function isIpv6(host: string): boolean {
  return /^[0-9A-Fa-f:.]+$/.test(host) && URL.canParse(`http://[${host}]/`);
}

/** A name that ends in a number would be taken for an IPv4 address by resolvers, so it must be one. */
function isIpv4OrName(host: string): boolean {
  const labels = host.split('.');
  if (/^\d+$/.test(labels.at(-1) ?? '')) return isIpv4(labels);
  return host.length <= 253 && labels.every((label) => NAME_LABEL.test(label));
}

function isIpv4(parts: readonly string[]): boolean {
  return parts.length === 4 && parts.every((part) => IPV4_PART.test(part) && Number(part) <= 255);
}
