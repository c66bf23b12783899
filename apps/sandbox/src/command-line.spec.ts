import { build, readCommandLine } from './command-line';

const refusalOf = (...argv: string[]): string => {
  const command = build();
  let text = '';
  command
    .exitOverride()
    .configureOutput({ writeErr: (part) => void (text += part), writeOut: () => undefined });
  expect(() => command.parse(argv, { from: 'user' })).toThrow();
  return text;
};

it('reads every option', () => {
  const { options, json } = readCommandLine(
    '--nodes 8 --groups 4 --slots 64 --speed 20 --base-port 7000 --product shop --product-auth x --pika-version 3.3.6 --json'.split(
      ' ',
    ),
  );
  expect(json).toBe(true);
  expect(options).toMatchObject({
    nodes: 8,
    groups: 4,
    slots: 64,
    speed: 20,
    basePort: 7_000,
    product: 'shop',
  });
  expect(options).toMatchObject({ productAuth: 'x', pikaVersion: '3.3.6', proxies: 2, controlPort: 0 });
});

it('refuses wrong ones with a remedy', () => {
  expect(refusalOf('--nodes', 'many')).toContain('Give a whole number from 1 to 1024');
  expect(refusalOf('--speed', 'warp')).toContain('Give "real", "zero"');
  expect(refusalOf('--pika-version', '4.0')).toContain('3.4.1, 3.3.6, 3.2.9');
  expect(refusalOf('--colour')).toContain('--help');
});
