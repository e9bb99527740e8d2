/** What counts as installed, on a project in small: one workspace package, nothing from a registry. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const MODULE = pathToFileURL(path.resolve(__dirname, '../../cli/setup/node-packages.mjs')).href;
const folder = mkdtempSync(path.join(tmpdir(), 'node-packages-'));
/** Of a test. */
let root: string;

/** npm as somebody runs it by hand. Without the settings of the npm that may have started this test. */
function npm(...args: string[]): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], { cwd: root, env, stdio: 'pipe' });
}

function isInstalled(): boolean {
  const code = `import { isInstalled } from '${MODULE}'; console.log(isInstalled(process.cwd()));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
  return JSON.parse(said);
}

interface Lock {
  readonly packages: Record<string, { version?: string; optional?: boolean }>;
}

function changeLock(change: (packages: Lock['packages']) => void): void {
  const file = path.join(root, 'package-lock.json');
  const lock: Lock = JSON.parse(readFileSync(file, 'utf8'));
  change(lock.packages);
  writeFileSync(file, JSON.stringify(lock));
}

function write(place: string, content: string | object): void {
  const file = path.join(root, place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

beforeAll(() => {
  root = path.join(folder, 'locked');
  write('package.json', {
    ...{ name: 'project', version: '1.0.0', private: true, workspaces: ['infra/part'] },
    scripts: {
      prepare: "node -e \"fs.mkdirSync('infra/part/dist'); fs.writeFileSync('infra/part/dist/index.js', '')\"",
    },
  });
  write('infra/part/package.json', { name: 'part', version: '1.0.0' });
  npm('install', '--package-lock-only', '--ignore-scripts');
});
beforeEach(({ task }) => {
  root = path.join(folder, task.id);
  cpSync(path.join(folder, 'locked'), root, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('npm ci by hand counts as installed, and nothing does before it', () => {
  expect(isInstalled()).toBe(false);
  npm('ci');
  expect(isInstalled()).toBe(true);
});

test('another lock file does not, nor one of which something is missing; what is optional may be', () => {
  npm('ci');
  changeLock((packages) => {
    packages['node_modules/for-another-system'] = { version: '1.0.0', optional: true };
  });
  expect(isInstalled()).toBe(true);
  changeLock((packages) => {
    packages['node_modules/for-another-system'] = { version: '1.0.0' };
  });
  expect(isInstalled()).toBe(false);
  changeLock((packages) => {
    delete packages['node_modules/for-another-system'];
    packages['infra/part'] = { version: '1.0.1' };
  });
  expect(isInstalled()).toBe(false);
});

test('what was installed without its scripts, or only halfway, does not', () => {
  npm('ci', '--ignore-scripts');
  expect(isInstalled()).toBe(false);
  npm('ci');
  write('node_modules/.package-lock.json', '{"packages": {"infra/p');
  expect(isInstalled()).toBe(false);
});
