// Installs the system packages that the platform on this machine needs, where they are missing: ImageMagick (the actions
// convert with it), bubblewrap (their sandbox) and python3-venv (their libraries).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { explainApt } from './apt-failure.mjs';
import { runLongStep } from './long-step.mjs';

const succeeds = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const isLinux = process.platform === 'linux';
const MINIMUM_PYTHON = [3, 10];

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

/** What is missing on this machine. */
export function missingPackages() {
  return NEEDED.filter((item) => !item.present());
}

/** @throws {Error} for a Python that cannot run the actions: no package helps there */
export function requirePython() {
  const command = python();
  if (command === undefined) return;
  const least = MINIMUM_PYTHON.join('.');
  if (succeeds(command, '-c', `import sys; sys.exit(sys.version_info < (${MINIMUM_PYTHON.join(', ')}))`)) return;
  const version = spawnSync(command, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
  throw new Error(
    `PDFMagic needs Python ${least} or newer; ${command} is ${version.stdout.trim()}. Debian 12 and Ubuntu 22.04 have a newer one.`,
  );
}

/**
 * Plans to install what is missing through apt, as root or by sudo: asks for the right to do so, before anything takes time.
 * @param {ReturnType<typeof missingPackages>} missing @param {string} log file for all that apt says
 * @returns {() => Promise<void>} installs it; it throws an Error as this does, when something needed is still missing
 * @throws {Error} naming the line to run, when something is needed and there is no such right
 */
export function planSystemPackages(missing, log) {
  const apt = missing.length === 0 ? undefined : aptCommand(missing);
  if (apt === undefined) requireNeeded(missing, undefined, log);
  return async () => {
    if (apt === undefined) return;
    const why = await install(apt, missing, log);
    requireNeeded(missingPackages(), why, log);
    requirePython();
  };
}

/** Says which packages are still missing, and `why`. @throws {Error} if one of them is needed */
function requireNeeded(left, why, log) {
  if (left.length === 0) return;
  if (left.every((item) => item.optional)) {
    console.error(
      `note: ${list(left)} is missing${why ? ` (${why})` : ''}. For proper sandboxes run: ${manualLine(left)}`,
    );
    return;
  }
  const reason = why === undefined ? '' : `\n${why}\nAll that apt-get said is in ${log}.`;
  throw new Error(
    `This machine has no ${list(left)}.${reason}\nTo install what is missing, run\n\n  ${manualLine(left)}\n\nThen run the same command again.`,
  );
}

/** @returns {Promise<string | undefined>} why it failed, in words */
async function install([program, ...before], missing, log) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const patience = [
    'Acquire::Retries=1',
    'Acquire::http::Timeout=15',
    'Acquire::https::Timeout=15',
    'DPkg::Lock::Timeout=120',
  ];
  const options = patience.flatMap((option) => ['-o', option]);
  const step = { log, env, inTerminal: program === 'sudo' };
  const packages = missing.map((item) => item.name);
  const steps = [
    ["Updating apt's package lists", ['update', '-qq', '-o', 'APT::Update::Error-Mode=any']],
    [`Installing ${list(missing)}`, ['install', '-y', '-qq', '--no-install-recommends', ...packages]],
  ];
  const said = [];
  let code = 0;
  // A failed update may be of a mirror that is not needed.
  for (const [doing, args] of steps) {
    const run = await runLongStep({ doing, ...step }, program, [...before, ...options, ...args]);
    code = run.code;
    said.push(run.said);
  }
  return code === 0 ? undefined : explainApt(said.join('\n'));
}

/** apt-get with the right to install: root's, or sudo's; undefined where neither can be had. */
function aptCommand(missing) {
  if (!succeeds('apt-get', '--version')) return undefined;
  if (process.getuid?.() === 0) return ['apt-get'];
  const sudo = ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND', 'apt-get'];
  if (succeeds('sudo', '-n', 'true')) return sudo;
  // With a person at the terminal sudo may ask for the password, unless all goes without; in a pipe it must not hang.
  if (!process.stdin.isTTY || !succeeds('sudo', '--version') || missing.every((item) => item.optional))
    return undefined;
  console.log(`Missing packages: ${list(missing)}. Installing them with sudo apt-get.`);
  return spawnSync('sudo', ['-v'], { stdio: 'inherit' }).status === 0 ? sudo : undefined;
}

const list = (items) => items.map((item) => item.name).join(', ');

function manualLine(items) {
  const names = items.map((item) => item.name);
  if (process.platform === 'darwin') return 'brew install python imagemagick';
  if (succeeds('dnf', '--version'))
    return `sudo dnf install ${names
      .map((n) => (n === 'imagemagick' ? 'ImageMagick' : n))
      .filter((n) => n !== 'python3-venv')
      .join(' ')}`;
  const apt = process.getuid?.() === 0 ? 'apt-get' : 'sudo apt-get';
  return `${apt} update && ${apt} install ${names.join(' ')}`;
}
