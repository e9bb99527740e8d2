/** Where and with what the bench measures: the machine, the versions, the commit. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { version } from '../../package.json';
import { PROJECT_DIR } from '../project';
import type { Origin } from './figures';

/** What is known at this moment. @param pace its name */
export function readOrigin(pace: string): Origin {
  const commit = run('git', ['-C', PROJECT_DIR, 'rev-parse', 'HEAD']);
  const changes = run('git', ['-C', PROJECT_DIR, 'status', '--porcelain', '--', ':!docs']);
  const versions = {
    PDFMagic: version,
    'Node.js': process.versions.node,
    Python: run('python3', ['-c', 'import platform; print(platform.python_version())']),
    ImageMagick: /ImageMagick (\S+)/.exec(run('/usr/bin/convert', ['-version']) ?? '')?.[1],
    bubblewrap: /[\d.]+/.exec(run('bwrap', ['--version']) ?? '')?.[0],
  };
  return {
    date: new Date().toISOString(),
    ...(commit !== undefined && { commit, changed: changes !== '' }),
    machine: {
      cores: cpus().length,
      processor: cpus()[0]?.model.trim() || 'unknown',
      memory: Math.round(totalmem() / 1e8) / 10,
      system: `${type()} ${release().split('-')[0]}`,
      load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    },
    versions: Object.fromEntries(Object.entries(versions).flatMap(([name, found]) => (found ? [[name, found]] : []))),
    pace,
  };
}

/** What it prints; undefined when it is not there or fails. */
function run(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
