// Installs the system packages that the platform on this machine needs, where they are missing: ImageMagick (the actions
// convert with it), bubblewrap (their sandbox) and python3-venv (their libraries).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const succeeds = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const isLinux = process.platform === 'linux';

/** `optional` ones can be done without: the platform then says what is different. */
const NEEDED = [
  { name: 'python3', present: () => python() !== undefined },
  { name: 'python3-venv', present: () => succeeds(python() ?? 'python3', '-c', 'import venv, ensurepip') },
  {
    name: 'imagemagick',
    present: () => existsSync('/usr/bin/convert') || (!isLinux && succeeds('convert', '-version')),
  },
  {
    name: 'bubblewrap',
    optional: true,
    present: () => !isLinux || process.env.PDFMAGIC_SANDBOX === 'process' || succeeds('bwrap', '--version'),
  },
];

/** The interpreter of the system, which sandboxes can see, before one from somebody's home. */
function python() {
  return ['/usr/bin/python3', 'python3'].find((command) => succeeds(command, '--version'));
}

/**
 * Installs what is missing through apt, as root or by sudo; elsewhere prints the line to run.
 * @throws {Error} naming the line to run, when something needed is still missing
 */
export function installSystemPackages() {
  let missing = NEEDED.filter((item) => !item.present());
  if (missing.length === 0) return;
  const apt = aptCommand();
  if (apt) {
    console.log(`Installing ${names(missing)} with apt-get (only this once) ...`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    // On a terminal apt shows its own progress.
    const output = process.stdout.isTTY ? 'inherit' : 'pipe';
    const run = (...args) =>
      spawnSync(apt[0], [...apt.slice(1), ...args], { env, stdio: ['inherit', output, output], encoding: 'utf8' });
    run('update', '-qq');
    const install = run('install', '-y', '-qq', '--no-install-recommends', ...missing.map((item) => item.name));
    if (install.status !== 0) console.error(explain(install.stderr ?? ''));
    missing = NEEDED.filter((item) => !item.present());
  }
  const required = missing.filter((item) => !item.optional);
  if (required.length > 0) {
    throw new Error(
      `${names(required)} missing. Install by\n\n  ${manualLine(missing)}\n\nand run the same command again.`,
    );
  }
  if (missing.length > 0)
    console.error(`note: ${names(missing)} missing; for proper sandboxes run: ${manualLine(missing)}`);
}

/** apt-get with the right to install: root's, or sudo's; undefined where neither can be had. */
function aptCommand() {
  if (!succeeds('apt-get', '--version')) return undefined;
  if (process.getuid?.() === 0) return ['apt-get'];
  if (succeeds('sudo', '-n', 'true')) return ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND', 'apt-get'];
  // With a person at the terminal sudo may ask for the password; in a pipe it must not hang.
  return process.stdin.isTTY && succeeds('sudo', '--version') ? ['sudo', 'apt-get'] : undefined;
}

/** Why apt failed, in words; `said` is empty where it spoke on the terminal itself. */
function explain(said) {
  const last = said.trim().split('\n').slice(-5).join('\n');
  if (/resolv|Failed to fetch|Unable to fetch|Connection (refused|timed out)|unreachable/i.test(said)) {
    return `${last}\nThe package mirror cannot be reached: the first run needs the network.`;
  }
  if (/No space left|enough free space/i.test(said)) return `${last}\nThe disk is full: make room first.`;
  if (/Could not get lock/i.test(said))
    return `${last}\nAnother program is installing packages: wait until it has ended.`;
  return last;
}

const names = (items) => items.map((item) => item.name).join(', ');

function manualLine(items) {
  const list = items.map((item) => item.name);
  if (process.platform === 'darwin') return 'brew install python imagemagick';
  if (succeeds('dnf', '--version'))
    return `sudo dnf install ${list
      .map((n) => (n === 'imagemagick' ? 'ImageMagick' : n))
      .filter((n) => n !== 'python3-venv')
      .join(' ')}`;
  return `sudo apt-get update && sudo apt-get install ${list.join(' ')}`;
}
