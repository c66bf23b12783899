import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../cli-error';
import { parseSizes, readSizes } from './sizes-file';

describe('parseSizes', () => {
  const sizes = { '0': 12, '1': 7.5, '1023': 0 };

  it.each([
    ['lines', '0,12\n1,7.5\n1023,0\n'],
    ['lines with a head, spaces and an empty one', 'slot,size\r\n0, 12\r\n\r\n1 , 7.5\r\n1023,0'],
    ['what a spreadsheet writes', '\uFEFF"slot","keys"\n0,12\n1,7.5\n1023,0'],
    ['a JSON object', ' {"0": 12, "1": 7.5, "1023": 0}\n'],
  ])('reads %s', (_, text) => {
    expect(parseSizes(text, 'sizes.csv')).toEqual(sizes);
  });

  it.each([
    ['', 'sizes.csv has no size in it'],
    ['{}', 'sizes.csv has no size in it'],
    ['0,12\n1 7', 'sizes.csv, line 2: "1 7" is not the size of a slot'],
    ['0,-1', 'line 1: "0,-1" is not the size of a slot'],
    ['0-3,5', 'line 1: "0-3,5" is not the size of a slot'],
    ['0,1\nslot,size', 'line 2: "slot,size" is not the size of a slot'],
    ['0,1\n0,2', 'line 2: slot 0 has two sizes'],
    ['[1, 2]', 'line 1: "[1, 2]" is not the size of a slot'],
    ['{"0": 1', 'sizes.csv is no JSON'],
    ['{"0": "1"}', 'sizes.csv: "0": "1" is not the size of a slot'],
    ['{"0": -1}', 'sizes.csv: "0": -1 is not the size of a slot'],
  ])('refuses %j', (text, message) => {
    expect(() => parseSizes(text, 'sizes.csv')).toThrow(CliError);
    expect(() => parseSizes(text, 'sizes.csv')).toThrow(message);
  });
});

describe('readSizes', () => {
  const home = mkdtempSync(join(tmpdir(), 'slotferry-sizes-'));
  afterAll(() => rmSync(home, { recursive: true }));

  it('reads a file, and says so when there is none', () => {
    const path = join(home, 'sizes.csv');
    expect(() => readSizes(path)).toThrow(`${path}: there is no such file`);
    expect(() => readSizes(home)).toThrow('it cannot be read (EISDIR)');
    writeFileSync(path, '0,12\n');
    expect(readSizes(path)).toEqual({ '0': 12 });
  });
});
