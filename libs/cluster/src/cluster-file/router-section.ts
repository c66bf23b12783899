import { type RouterDefinition } from '../cluster-definition';
import { type Field } from './field';
import { readName } from './name';
import { readSecretSource } from './secret-source';
import { formatAddress, parseAddress } from '../node-address';
import { repetitions } from '../repetitions';

const KNOWN_KINDS: readonly unknown[] = ['codis-tables', 'twemproxy'];

/** Reads how clients reach the nodes. */
export function readRouter(field: Field): RouterDefinition | undefined {
  if (field.isSection && !isSupported(field.child('kind'))) return undefined;
  const section = field.section(['kind', 'dashboard', 'product'], ['productAuth', 'proxies']);
  const dashboard = readDashboard(section.dashboard);
  const product = readName(section.product);
  const productAuth = readSecretSource(section.productAuth) ?? null;
  const proxies = readProxies(section.proxies);
  if (dashboard === undefined || product === undefined) return undefined;
  return { kind: 'codis', dashboard, product, productAuth, proxies };
}

/** The other keys of a kind that is not supported are not looked at: what they should be is not known. */
function isSupported(kind: Field): boolean {
  if (kind.isAbsent || kind.value === 'codis') return true;
  const name = kind.text();
  if (KNOWN_KINDS.includes(name)) {
    kind.report(
      'ROUTER_UNSUPPORTED',
      `A router of kind ${name} is not supported yet by this version`,
      'Use kind: codis, or wait for a version that supports it.',
    );
  } else if (name !== undefined) {
    kind.report('ROUTER_UNKNOWN', 'There is no router of this kind', 'Use kind: codis.');
  }
  return false;
}

function readDashboard(field: Field): string | undefined {
  const text = field.text();
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBase =
    url && url.pathname === '/' && url.search === '' && url.hash === '' && url.username + url.password === '';
  if (isBase && /^https?:$/.test(url.protocol)) return url.origin;
  field.report(
    'DASHBOARD_INVALID',
    'This is not the address of a dashboard',
    'Write http://host:port of its API, without a path and without a password.',
  );
  return undefined;
}

function readProxies(field: Field): string[] {
  const proxies = (field.list() ?? []).flatMap((entry) => {
    const address = entry.parse(entry.text(), (text) => formatAddress(parseAddress(text)));
    return address === undefined ? [] : [{ entry, address }];
  });
  for (const { again } of repetitions(proxies, ({ address }) => address.toLowerCase())) {
    again.entry.report('PROXY_REPEATED', `Proxy ${again.address} is named twice`, 'Name every proxy once.');
  }
  return proxies.map(({ address }) => address);
}
