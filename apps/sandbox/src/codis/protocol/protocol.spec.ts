import { atoi, goJson } from './go-format';
import { decodeList, integerField, present } from './lenient-json';
import { dashboardXauth } from './xauth';

it('computes the xauth from the product name alone', () => {
  expect(dashboardXauth('codis-lab')).toBe('e30407b4683430939e242d85393b05a7');
  expect(dashboardXauth('codis-auth')).toBe('d3fc486224e64643aea8e665d0593eb3');
});

it('writes JSON as Go does', () => {
  expect(goJson({ Cause: 'a & <b>', list: [], none: {} })).toBe(
    '{\n    "Cause": "a \\u0026 \\u003cb\\u003e",\n    "list": [],\n    "none": {}\n}',
  );
});

it('reads integers with an optional sign and nothing else', () => {
  expect(['5', '-5', '+5', '1.5', 'true', '', '0x1'].map(atoi)).toEqual([
    5,
    -5,
    5,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it('decodes whatever comes into a list', () => {
  expect([decodeList('{bad'), decodeList(''), decodeList('{"id":1}')]).toEqual([[], [], []]);
  const [wrongType, number] = decodeList('[{"id":"5"},7]').map(present);
  expect([wrongType, number].map((item) => integerField(item ?? {}, 'id'))).toEqual([0, 0]);
  expect(() => decodeList('[null]').map(present)).toThrow('nil pointer');
});
