/** Parts of packages that hardly any command uses are loaded when they are used, and work then. In processes of their own. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const ROOT = path.join(__dirname, '..', '..');
const { UNUSED_PARTS } = require('../../compile/unused-parts.js') as { UNUSED_PARTS: ReadonlySet<string> };

/** Runs a script in a process that runs compiled code. @returns what it prints, as JSON */
async function run(script: string): Promise<unknown> {
  const register = path.join(ROOT, 'compile/register.js');
  const { stdout } = await promisify(execFile)(process.execPath, ['--require', register, '--eval', script], {
    cwd: ROOT,
  });
  return JSON.parse(stdout);
}

const LOADED = (part: string) =>
  `Object.keys(require.cache).filter((file) => file.includes(${JSON.stringify(part)})).length`;

describe('a part that is hardly ever used', () => {
  test.each([...UNUSED_PARTS])('%s is still where it is looked for', (part) => {
    expect(existsSync(path.join(ROOT, 'node_modules', part))).toBe(true);
  });

  test('is not loaded with the rest of its package', async () => {
    const script = `require('@pulumi/pulumi'); require('zod');
      console.log(JSON.stringify([${LOADED('/grpc-js/')}, ${LOADED('/zod/v4/locales/')}, ${LOADED('/semver/')}, process.memoryUsage.rss() < 150e6]));`;
    // Of gRPC and semver there is the placeholder; of the languages it and English.
    expect(await run(script)).toEqual([1, 2, 1, true]);
  });

  test('is loaded when it is used, whole, and whatever kind of module it is', async () => {
    const script = `const pulumi = require('@pulumi/pulumi');
      const plain = require('semver'), compiled = require('@grpc/grpc-js'), callable = require('normalize-package-data');
      console.log(JSON.stringify([
        plain.valid('1.2.3'), plain.default.valid('1.2.3'), 'satisfies' in plain, Object.keys(compiled).includes('credentials'),
        typeof callable.default, typeof require('zod').locales.de().localeError, typeof pulumi.automation.LocalWorkspace,
        require('typescript').version.split('.').length,
      ]));`;
    expect(await run(script)).toEqual(['1.2.3', '1.2.3', true, true, 'function', 'function', 'function', 3]);
  });

  test('serves functions that are serialized, which take the TypeScript compiler', async () => {
    const script = `require('@pulumi/pulumi').runtime.serializeFunction(() => 42).then(({ text }) => console.log(JSON.stringify(text.includes('42'))));`;
    expect(await run(script)).toBe(true);
  });
});
