import { checkMasterAddress, parseAddress } from './address';

describe('addresses', () => {
  it.each(['10.0.0.1:9221', 'pika-1.example:9221', 'pika_1:65535'])('reads %s', (text) => {
    const { host, port } = parseAddress(text) ?? {};
    expect(`${host}:${port}`).toBe(text);
  });

  it.each([
    '',
    '10.0.0.1',
    ':9221',
    '10.0.0.1:',
    '10.0.0.1:0',
    '10.0.0.1:65536',
    'a b:1',
    '::1:9221',
    'a:1:2',
  ])('refuses %j', (text) => expect(parseAddress(text)).toBeNull());
});

describe('the master a slot shall follow', () => {
  const node = '127.0.0.1:9221';

  it('is another node', () => {
    expect(checkMasterAddress(node, '127.0.0.1:9222')).toEqual({ host: '127.0.0.1', port: 9222 });
  });

  it.each([
    'localhost:9222',
    'LocalHost:9222',
    'localhost.:9222',
    'x.localhost:9222',
    '0.0.0.0:9222',
    'no:1',
    '9222',
  ])('is not %s', (master) => {
    expect(() => checkMasterAddress(node, master)).toThrow(expect.objectContaining({ code: 'syntax' }));
  });

  it('is not the node itself', () => {
    expect(() => checkMasterAddress(node, node)).toThrow(expect.objectContaining({ code: 'self-attach' }));
  });
});
