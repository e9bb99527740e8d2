// Makes a bare checkout ready to run: npm packages, and the system packages that actions need. Plain JavaScript without
// dependencies, since it runs before anything is installed. Asks nothing and prints nothing where nothing is missing.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNodePackages } from './node-packages.mjs';
import { installSystemPackages } from './system-packages.mjs';

const MINIMUM = [20, 19];

/** Refuses a Node that cannot run this project. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  throw new Error(
    `PDFMagic needs Node.js ${MINIMUM.join('.')} or newer; this is ${process.versions.node}. Install a newer one and try again.`,
  );
}

try {
  checkNode();
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  installNodePackages(root);
  installSystemPackages();
} catch (error) {
  console.error(`\nerror: ${error.message}`);
  process.exitCode = 1;
}
