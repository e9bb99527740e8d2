import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withPicture } from '../../docs/picture.mjs';

test('the picture in docs/architecture.md is that of the code; `npm run docs:picture` draws it', () => {
  const page = readFileSync(path.resolve(__dirname, '../../docs/architecture.md'), 'utf8');
  expect(page).toContain('```mermaid');
  expect(withPicture(page)).toBe(page);
});
