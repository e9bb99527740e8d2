// Installs the npm packages of package-lock.json, only when the lock file is another than the one installed last.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs `npm ci` in `root` unless what is installed is what the lock file says.
 * @param {string} root the project folder
 * @throws {Error} with npm's last lines and what to do
 */
export function installNodePackages(root) {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.pdfmagic-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing the npm packages (a minute or two, only this once) ...');
  // On a terminal npm shows its own progress; elsewhere only what went wrong is worth a line.
  const stdio = process.stdout.isTTY ? 'inherit' : 'pipe';
  const npm = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: root, encoding: 'utf8', stdio });
  if (npm.error) throw new Error(`npm cannot be run (${npm.error.message}); it comes with Node.js.`);
  if (npm.status !== 0) throw new Error(explain(`${npm.stdout ?? ''}${npm.stderr ?? ''}`));
  writeFileSync(stamp, wanted);
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
