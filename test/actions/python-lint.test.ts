import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILD_DIR, ensureVirtualenv, PROJECT_ROOT } from '../../infra/packaging';

const ACTIONS = path.join(PROJECT_ROOT, 'actions');
const CLOUDRUN = path.join(PROJECT_ROOT, 'cloudrun');
const CONFIG = ['--no-cache', '--config', path.join(ACTIONS, 'ruff.toml')];

describe('the Python of this project', () => {
  let ruff: string;
  beforeAll(async () => {
    const requirements = path.join(ACTIONS, 'requirements', 'lint.txt');
    const tools = await ensureVirtualenv({
      dir: path.join(BUILD_DIR, 'tools', 'lint'),
      title: 'the linter',
      requirements,
    });
    ruff = tools.program('ruff');
  });

  /** ruff's complaints: nothing, if all is well. */
  const complaints = (...args: string[]) => {
    try {
      execFileSync(ruff, [...args, ...CONFIG, ACTIONS, CLOUDRUN, __dirname], { encoding: 'utf8', stdio: 'pipe' });
      return '';
    } catch (error) {
      return String((error as { stdout?: string }).stdout ?? error);
    }
  };

  it('has nothing that ruff complains about', () => {
    expect(complaints('check')).toBe('');
  });

  it('is formatted as ruff does it', () => {
    expect(complaints('format', '--check')).toBe('');
  });
});
