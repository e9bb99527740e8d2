/** A Node.js action is built when its sources have changed, and only then. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildNodejsAction, packageNodejsAction } from '../../infra/packaging/nodejs';
import { temporaryFolder, writeFiles } from './folders';

const SOURCE = 'exports.main = () => ({ word: 1 });\n';

test('an action is built again after a change of its sources or of what was built, and not otherwise', async () => {
  const folder = writeFiles(path.join(temporaryFolder(), 'action'), { 'index.js': SOURCE });
  const buildDir = temporaryFolder();
  let built = 0;
  const make = () =>
    packageNodejsAction('demo', folder, buildDir, () => {
      built += 1;
      return buildNodejsAction(path.join(folder, 'index.js'));
    });
  const first = await make();
  expect(await make()).toEqual(first);
  expect(built).toBe(1);

  writeFileSync(path.join(folder, 'index.js'), SOURCE.replace('1', '2'));
  const second = await make();
  expect(readFileSync(second.file, 'utf8')).toContain('word: 2');
  expect([second.sha256 === first.sha256, built]).toEqual([false, 2]);

  writeFileSync(second.file, 'damaged');
  expect(await make()).toEqual(second);
  expect(readFileSync(second.file, 'utf8')).toContain('word: 2');
  expect(built).toBe(3);

  writeFileSync(path.join(folder, 'index.js'), SOURCE);
  expect(await make()).toEqual(first);
  expect(built).toBe(3);
});
