/** What the first `npm start` does before the program can run, with an npm that is played. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runOnTerminal } from '../terminal';

const SETUP = path.resolve(__dirname, '../../cli/setup');
let root: string;

/** Plays npm: `ci` is this script of the shell, and leaves what was asked for when it ends. */
function playNpm(ci: string, ping = 'exit 0'): void {
  write(
    'bin/npm',
    `#!/bin/sh
if [ "$1" = ping ]; then ${ping}; fi
echo "$@" >> calls
${ci}
mkdir -p node_modules/one && echo '{}' > node_modules/one/package.json && cp package-lock.json node_modules/.package-lock.json
`,
  );
  chmodSync(path.join(root, 'bin/npm'), 0o755);
}

function write(place: string, content: string): void {
  const file = path.join(root, place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const read = (place: string): string => readFileSync(path.join(root, place), 'utf8');
const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${path.join(root, 'bin')}:${process.env.PATH}`,
  PDFMAGIC_SANDBOX: 'process',
  TERM: 'xterm',
});
const command = (): [string, string] => [process.execPath, path.join(root, 'cli/setup/bootstrap.mjs')];

function start(): ChildProcess {
  const [node, script] = command();
  return spawn(node, [script], { cwd: root, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

const run = () => ended(start());

async function appears(place: string): Promise<string> {
  await expect
    .poll(() => existsSync(path.join(root, place)) && read(place).trim() !== '', { timeout: 30_000 })
    .toBe(true);
  return read(place).trim();
}

/** Leaves its number, then works for a minute by a program of its own that hears no signal. */
const STUBBORN = `(trap '' TERM INT; echo $$ > npm.pid; exec sh -c 'trap "" TERM INT; echo $$ > child.pid; sleep 60 & wait; sleep 60')`;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "first hour's ü-"));
  cpSync(SETUP, path.join(root, 'cli/setup'), { recursive: true });
  write('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/one': { version: '1.0.0' } } }));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function expectGone(...places: string[]): Promise<void> {
  for (const place of places) {
    const pid = Number(read(place));
    await expect
      .poll(
        () => {
          try {
            return process.kill(pid, 0);
          } catch {
            return false;
          }
        },
        { timeout: 30_000 },
      )
      .toBe(false);
  }
}

describe('an installation', () => {
  test('is made once; then nothing is said', async () => {
    playNpm('');
    expect((await run()).code).toBe(0);
    expect(await run()).toEqual({ code: 0, output: '' });
    expect(read('calls').trim().split('\n')).toHaveLength(1);
  });

  test('is repaired when a package of it is missing', async () => {
    playNpm('');
    await run();
    rmSync(path.join(root, 'node_modules/one'), { recursive: true });
    expect((await run()).code).toBe(0);
    expect(existsSync(path.join(root, 'node_modules/one/package.json'))).toBe(true);
  });

  test('is made by one process at a time, and the others find it done', async () => {
    playNpm('while [ ! -e go ]; do sleep 0.1; done');
    const first = run();
    await appears('calls');
    const second = start();
    const result = ended(second);
    let said = '';
    for (const stream of [second.stdout, second.stderr]) stream?.on('data', (chunk) => (said += String(chunk)));
    await expect.poll(() => said).toMatch(/Waiting for another installation in this folder/);
    write('go', '');
    expect([(await first).code, (await result).code]).toEqual([0, 0]);
    expect(read('calls').trim().split('\n')).toHaveLength(1);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends with all of its processes at %s', async (signal) => {
    playNpm(STUBBORN);
    const child = start();
    const result = ended(child);
    await appears('child.pid');
    child.kill(signal);
    const { code, output } = await result;
    expect(output).toContain('Stopped. Run the same command again to go on.');
    expect(code).toBeGreaterThan(128);
    await expectGone('npm.pid', 'child.pid');
    playNpm('');
    expect((await run()).code).toBe(0);
  });

  test('ends when the process that began it is killed, and the next one goes on', async () => {
    playNpm(STUBBORN);
    const child = start();
    await appears('child.pid');
    child.kill('SIGKILL');
    playNpm('');
    expect((await run()).code).toBe(0);
    await expectGone('npm.pid', 'child.pid');
  });

  test('is interrupted by Ctrl-C on a terminal, and the prompt comes back with nothing left', async () => {
    playNpm(`echo HERE > here; ${STUBBORN}`);
    const type = { after: 'Installing the npm packages, 0 of 1', delay: 2000, text: '\u0003' };
    const { screen, code } = await runOnTerminal(command(), { type, columns: 60, cwd: root, env: environment() });
    expect(screen).toMatch(/Stopped\. Run the same command again to go on\.\s*$/);
    expect(code).toBe(130);
    await expectGone('npm.pid', 'child.pid');
  });

  test('says each ten seconds that it goes on', async () => {
    playNpm('sleep 12');
    expect((await run()).output).toMatch(/Installing the npm packages, 0 of 1, 1\d s/);
  });
});

describe('what went wrong is said in words, and all of it is in a log', () => {
  test.each([
    ['npm error code ENOTFOUND', /cannot be downloaded \(ENOTFOUND\): the first run needs the network/],
    ['npm error code SELF_SIGNED_CERT_IN_CHAIN', /does not trust the certificate of the registry.*NODE_EXTRA_CA_CERTS/],
    ['npm error code CERT_HAS_EXPIRED', /certificate .* is not valid now.*clock/],
    ['npm error nospc ENOSPC: no space left on device', /The disk is full/],
    [`npm error Error: EACCES: permission denied, mkdir '/root/x'`, /may not write to \/root\/x \(EACCES\)/],
    ['npm error code E407', /wants a login/],
    ['npm error code EINTEGRITY', /is damaged/],
    ['npm error something else', /npm ci failed\. What it said last:\nnpm error something else/],
  ])('%s', async (said, words) => {
    playNpm(`echo "${said}" >&2; exit 1`);
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toMatch(words);
    expect(output).not.toMatch(/^ {4}at /m);
    expect(output).toContain(path.join(root, 'build/setup.log'));
    expect(read('build/setup.log')).toContain(said);
    const terminal = await runOnTerminal(command(), { columns: 200, cwd: root, env: environment() });
    expect(terminal.screen.replaceAll('\r\n', '\n')).toMatch(words);
  });

  test('without a network, the cache is enough', async () => {
    playNpm('case "$*" in *--offline*) ;; *) exit 1;; esac', 'echo "npm error code EAI_AGAIN" >&2; exit 1');
    expect((await run()).code).toBe(0);
  });

  test('without a network and with nothing in the cache, the network is the cause', async () => {
    playNpm('echo "npm error code ENOTCACHED" >&2; exit 1', 'echo "npm error code EAI_AGAIN" >&2; exit 1');
    expect((await run()).output).toMatch(/cannot be downloaded \(EAI_AGAIN\)/);
  });

  test('a missing right is said before npm is asked for anything', async () => {
    playNpm('');
    playApt('exit 1', '--version) exit 1;;');
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toMatch(/This machine has no imagemagick\.[\s\S]*apt-get install imagemagick/);
    expect(existsSync(path.join(root, 'calls'))).toBe(false);
  });
});

/** Plays apt-get, by root or by sudo, on a machine without ImageMagick: `install` is this script of the shell. */
function playApt(install: string, others = '*) exit 0;;'): void {
  write('bin/apt-get', `#!/bin/sh\ncase "$*" in *install*) ${install};; ${others} esac\n`);
  write('bin/sudo', '#!/bin/sh\nwhile [ "$1" != apt-get ] && [ "$1" != true ]; do shift; done\nexec "$@"\n');
  for (const name of ['apt-get', 'sudo']) chmodSync(path.join(root, 'bin', name), 0o755);
  const file = 'cli/setup/system-packages.mjs';
  write(file, read(file).replace("'/usr/bin/convert'", JSON.stringify(path.join(root, 'convert'))));
}

describe('the packages of the system', () => {
  const waitFor = (file: string) => `until [ -e ${file} ]; do sleep 0.1; done`;

  test('are installed beside those of npm: neither waits for the other', async () => {
    playNpm(`touch npm-began; ${waitFor('apt-began')}`);
    playApt(`touch apt-began; ${waitFor('npm-began')}; touch convert`);
    const { code, output } = await run();
    expect(output).toMatch(/^Installing imagemagick \.\.\.$/m);
    expect(output).toMatch(/^Installing the npm packages \.\.\.$/m);
    expect(code).toBe(0);
  });

  test('are shown in one line with those of npm, on a terminal', async () => {
    // They are shown in the order in which they began.
    playNpm('touch npm-began; sleep 1', `${waitFor('apt-began')}; exit 0`);
    playApt(`touch apt-began; ${waitFor('npm-began')}; sleep 2; touch convert`);
    const { screen, code } = await runOnTerminal(command(), { columns: 100, cwd: root, env: environment() });
    expect(screen).toMatch(/Installing imagemagick, \d+ s {2}Installing the npm packages, 0 of 1, \d+ s/);
    expect(code).toBe(0);
  });

  test('that cannot be installed end what npm does, and are the cause', async () => {
    playNpm(STUBBORN);
    playApt(`${waitFor('child.pid')}; exit 1`);
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toMatch(/This machine has no imagemagick/);
    await expectGone('npm.pid', 'child.pid');
  });

  test('are installed to their end when npm fails, and that is the cause', async () => {
    playNpm(`${waitFor('apt-began')}; echo 'npm error code E407' >&2; exit 1`);
    playApt('touch apt-began; sleep 1; touch convert');
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toMatch(/wants a login/);
    expect(existsSync(path.join(root, 'convert'))).toBe(true);
  });
});
