import * as fc from 'fast-check';
import { formatAddress, NodeAddressError, parseAddress } from './node-address';

describe('parseAddress', () => {
  it.each([
    ['127.0.0.1:9221', '127.0.0.1', 9221],
    ['255.255.255.255:65535', '255.255.255.255', 65535],
    ['localhost:1', 'localhost', 1],
    ['pika_1:9221', 'pika_1', 9221],
    ['node-1.example.org:9221', 'node-1.example.org', 9221],
    ['1password.example:80', '1password.example', 80],
    ['[2001:db8::5]:9221', '2001:db8::5', 9221],
    ['[::ffff:10.0.0.1]:9221', '::ffff:10.0.0.1', 9221],
  ])('reads %s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
    expect(formatAddress(parseAddress(text))).toBe(text);
  });

  it.each([
    '',
    '127.0.0.1',
    ':9221',
    '127.0.0.1:',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '127.0.0.1:09221',
    '127.0.0.1:92x',
    '127.0.0.1:-1',
    ' 127.0.0.1:9221',
    '127.0.0.1:9221 ',
    '256.0.0.1:9221',
    '10.0.0:9221',
    '010.0.0.1:9221',
    '10.0.0.1.:9221',
    '12345:9221',
    'node-:9221',
    '-node:9221',
    'a..b:9221',
    'no/de:9221',
    `${'a'.repeat(64)}:9221`,
    `${'a.'.repeat(127)}abc:9221`,
    '::1:9221',
    '[::1]',
    '[::1]9221',
    '[]:9221',
    '[::g]:9221',
    '[1::2::3]:9221',
    '[10.0.0.1]:9221',
    '[fe80::1%eth0]:9221',
    'http://10.0.0.1:9221',
  ])('refuses %j', (text) => {
    expect(() => parseAddress(text)).toThrow(NodeAddressError);
  });

  it('says what is missing', () => {
    expect(() => parseAddress('10.0.0.1')).toThrow('"10.0.0.1" is not an address: it has no port');
    expect(() => parseAddress('::1:9221')).toThrow('an IPv6 host needs brackets');
  });

  it('does not repeat what may be a password', () => {
    expect(() => parseAddress('user:hunter2@10.0.0.1:9221')).toThrow(/^(?!.*hunter2)/);
  });

  it('reads what formatAddress prints', () => {
    const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (host, port) => {
        expect(parseAddress(formatAddress({ host, port }))).toEqual({ host, port });
      }),
    );
  });
});
