/** On what a run was: figures without that mean nothing. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release } from 'node:os';
import { PROJECT_DIR } from '../project';

export interface Versions {
  /** Short, with `+` for changes that are in no commit; `unknown` outside of a clone. */
  readonly commit: string;
  readonly node: string;
  readonly kernel: string;
  readonly imagemagick: string;
  readonly cores: number;
  /** Processes that wanted a core in the last minute, on average: of this run and of others. */
  readonly load: number;
}

/** Reads them now. */
export function readVersions(): Versions {
  const commit = ask('git', ['rev-parse', '--short', 'HEAD']);
  const isChanged = ask('git', ['status', '--porcelain', '--untracked-files=no']) !== '';
  return {
    commit: commit === '' ? 'unknown' : `${commit}${isChanged ? '+' : ''}`,
    node: process.version,
    kernel: release(),
    imagemagick: /ImageMagick (\S+)/.exec(ask('/usr/bin/convert', ['-version']))?.[1] ?? 'unknown',
    cores: cpus().length,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

function ask(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, {
      cwd: PROJECT_DIR,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
