// Makes a bare checkout ready to run: npm packages, and the system packages that actions need. Plain JavaScript without
// dependencies, since it runs before anything is installed. Asks nothing and prints nothing where nothing is missing.

const MINIMUM = [20, 19];

/** Refuses a Node that cannot run this project: even the files that do the rest. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  throw new Error(
    `PDFMagic needs Node.js ${MINIMUM.join('.')} or newer; this is ${process.versions.node}. Install a newer one and try again.`,
  );
}

async function run() {
  checkNode();
  const { fileURLToPath } = await import('node:url');
  const { prepare } = await import('./prepare.mjs');
  await prepare(fileURLToPath(new URL('../..', import.meta.url)).replace(/(?<=.)\/$/, ''));
}

run().catch((error) => {
  console.error(error.exitCode === undefined ? `\nerror: ${error.message}` : `\n${error.message}`);
  process.exitCode = error.exitCode === undefined ? 1 : error.exitCode;
});
