import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { formatSize } from '../../actions/page/src/words';
import { PHOTOGRAPH_BYTES, REQUEST_BYTES } from '../../contract/limits';
import { PROJECT_ROOT } from '../../infra/packaging';

test('the page names the limits of the service, in the units of its messages', () => {
  expect([formatSize(REQUEST_BYTES), formatSize(PHOTOGRAPH_BYTES)]).toEqual(['750 kB', '128 MiB']);
});

test('the page has no limit of its own', () => {
  const source = readFileSync(path.join(PROJECT_ROOT, 'actions/page/src/convert.ts'), 'utf8');
  expect(source).toContain("from '../../../contract/limits'");
  expect(source).not.toMatch(/750_000|128/);
});
