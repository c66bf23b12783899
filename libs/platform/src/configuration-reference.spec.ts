import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { configurationReference } from './configuration-reference';

const FILE = join(__dirname, '../../../docs/reference/configuration.md');

describe('docs/reference/configuration.md', () => {
  it('is up to date (write it anew by running this test with SLOTFERRY_TEST_WRITE_DOCS=1)', () => {
    if (process.env.SLOTFERRY_TEST_WRITE_DOCS === '1') writeFileSync(FILE, configurationReference());
    expect(readFileSync(FILE, 'utf8')).toBe(configurationReference());
  });
});
