// Installs the npm packages of package-lock.json, only where npm has not done so already: by itself, or told to by hand.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs `npm ci` in `root` unless what is installed is what the lock file says.
 * @param {string} root the project folder
 * @throws {Error} with npm's last lines and what to do
 */
export function installNodePackages(root) {
  if (isInstalled(root)) return;
  console.log('Installing the npm packages (a minute or two, only this once) ...');
  // On a terminal npm shows its own progress; elsewhere only what went wrong is worth a line.
  const stdio = process.stdout.isTTY ? 'inherit' : 'pipe';
  const npm = spawnSync('npm', ['ci', '--include=dev', '--loglevel=error'], { cwd: root, encoding: 'utf8', stdio });
  if (npm.error) throw new Error(`npm cannot be run (${npm.error.message}); it comes with Node.js.`);
  if (npm.status !== 0) throw new Error(explain(`${npm.stdout ?? ''}${npm.stderr ?? ''}`));
}

/**
 * Whether the packages of the lock file are there, and those of this project built. npm ends an installation by writing down
 * what is in node_modules (https://docs.npmjs.com/cli/configuring-npm/package-lock-json, "Hidden Lockfiles"), in the words
 * of the lock file; what is optional, for other systems for example, may be missing.
 * @param {string} root the project folder
 */
export function isInstalled(root) {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || installed === undefined) return false;
  const names = Object.keys(wanted).filter((name) => name !== '');
  const there = names.every((name) =>
    name in installed ? isSame(installed[name], wanted[name]) : wanted[name].optional === true,
  );
  const built = names.filter((name) => wanted[name].link === true).map((name) => wanted[name].resolved);
  return there && built.every((folder) => existsSync(join(root, folder, 'dist', 'index.js')));
}

/** One version of npm notes more of a package than another; these tell which one it is. */
function isSame(one, other) {
  return ['version', 'integrity', 'link'].every((field) => one[field] === other[field]);
}

/** The packages of a lock file by place; undefined when there is no such file, or half of one. */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @param {string} output what npm printed */
function explain(output) {
  const last = output.trim().split('\n').slice(-15).join('\n');
  if (/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|network/i.test(output)) {
    return `the npm packages cannot be downloaded: the first run needs the network. Check it and run the same command again.\n${last}`;
  }
  if (/ENOSPC/.test(output))
    return `the disk is full: the npm packages take some 400 MB. Make room and run the same command again.\n${last}`;
  return `npm ci failed${last === '' ? ' (see above); the first run needs the network' : `; what it said last:\n${last}`}`;
}
