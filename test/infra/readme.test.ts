/** The table of config keys in infra/README.md is the one that the code makes. */
import { expect, test } from 'vitest';
import { readDocument } from '../../infra/config/readme';

test('infra/README.md has the config keys as the code has them; else run `npm run docs`', () => {
  const { present, expected } = readDocument();
  expect(present).toContain('<!-- config keys -->');
  expect(present).toBe(expected);
});
