// Installs the npm packages of package-lock.json, only where npm has not done so already: by itself, or told to by hand.
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { runLongStep } from './long-step.mjs';
import { explainNpm, isUnreachable } from './npm-failure.mjs';

/** Megabytes of node_modules. */
const ROOM = 600;
/** What is in npm's cache is not asked for, and what does not come is not waited for long. */
const PATIENCE = {
  npm_config_prefer_offline: 'true',
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '5000',
  npm_config_fetch_timeout: '30000',
};

/**
 * Runs `npm ci` in `root`.
 * @param {string} root the project folder @param {string} log file for all that npm says
 * @param {(pid: number) => void} onStart told the process that installs @param {AbortSignal} signal ends it
 * @throws {Error} with the cause and what to do
 */
export async function installNodePackages(root, log, onStart, signal) {
  const wanted = Object.entries(packagesIn(join(root, 'package-lock.json')) ?? {});
  const places = wanted.flatMap(([place, { optional }]) => (place === '' || optional ? [] : [place]));
  const progress = () => {
    const there = places.filter((place) => existsSync(join(root, place, 'package.json'))).length;
    return `${there} of ${places.length}`;
  };
  const doing = 'Installing the npm packages';
  const env = { ...PATIENCE, ...process.env };
  const step = { log, cwd: root, env, onStart, signal };
  // Without a registry npm asks for each package several times, for minutes: then only its cache is used, which may hold all.
  const ping = ['ping', '--fetch-retries=0', '--fetch-timeout=15000'];
  const probe = await runLongStep({ doing: 'Checking the npm registry', ...step }, 'npm', ping);
  const isOffline = probe.code !== 0 && isUnreachable(probe.said);
  const options = ['--include=dev', '--no-audit', '--no-fund', ...(isOffline ? ['--offline'] : [])];
  const { code, said } = await runLongStep({ doing, progress, ...step }, 'npm', ['ci', ...options]);
  const cause = isOffline && isUnreachable(said) ? probe.said : said;
  if (code !== 0) throw new Error(`${explainNpm(cause, ROOM)}\nThe full output of npm is in ${log}.`);
  if (!isInstalled(root)) throw new Error(`npm ci ended without an error, but packages are missing. See ${log}.`);
}

/**
 * Without a half of them that could be replaced, they all need room.
 * @param {string} root the project folder @throws {Error} saying how much
 */
export function requireRoom(root) {
  if (existsSync(join(root, 'node_modules'))) return;
  const { bavail, bsize } = statfsSync(root);
  const free = Math.floor((bavail * bsize) / 1_000_000);
  if (free >= ROOM) return;
  throw new Error(
    `The npm packages take about ${ROOM} MB, and the disk of ${root} has ${free} MB free. Make room, then run the same command again.`,
  );
}

/**
 * Whether the packages of the lock file are there, and those of this project built. npm ends an installation by writing down
 * what is in node_modules (https://docs.npmjs.com/cli/configuring-npm/package-lock-json, "Hidden Lockfiles"), in the words
 * of the lock file; what is optional, for other systems for example, may be missing. An interrupted `npm ci` may leave that file
 * of an earlier installation: so the packages are looked for, too.
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
  const isThere = (name) => existsSync(join(root, name, 'package.json'));
  if (!there || !names.every((name) => isThere(name) || !(name in installed))) return false;
  const built = names.filter((name) => wanted[name].link === true).map((name) => wanted[name].resolved);
  return built.every((folder) => existsSync(join(root, folder, 'dist', 'index.js')));
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
